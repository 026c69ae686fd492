import { z } from "zod";
import { HttpError, type RefusalStatus } from "./http_error.ts";
import { readJson } from "./read_json.ts";

/** A request as the shell hands it to a route. */
export interface RawCall {
  readonly request: Request;
  /** What stands in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** What a route's description says of it; the OpenAPI document is made from this. */
export interface RouteDescription {
  readonly method: "get" | "post" | "put" | "delete";
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** Whether the token is needed. */
  readonly access: "token" | "open";
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Good answers by their status; JSON, but for a stream. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** Bad answers that are this route's own. */
  readonly refusals?: readonly RefusalStatus[];
  /** The events of a stream, in place of JSON. */
  readonly stream?: "events";
}

/** A route: its description, and what answers it. */
export interface Route extends RouteDescription {
  handle(call: RawCall): Promise<Response>;
}

/** A good answer: one of the statuses of a route with the body that belongs to it. */
type AnswerOf<A extends Readonly<Record<number, z.ZodType>>> = {
  [S in keyof A]: { readonly status: S; readonly body: z.input<A[S]> };
}[keyof A];

/** What a handler is given: parsed, so that it needs no further check. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body as it was sent. */
  readonly bodyText: string;
  readonly request: Request;
}

type Parsed<T extends z.ZodType | undefined> = T extends z.ZodType ? z.output<T> : undefined;

/** A route whose requests are checked by the schemas that describe it. */
export function defineRoute<
  const A extends Readonly<Record<number, z.ZodType>>,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  route: Omit<RouteDescription, "params" | "query" | "body" | "answers"> & {
    readonly answers: A;
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    handle(
      call: Call<Parsed<P>, Parsed<Q>, Parsed<B>>,
    ): AnswerOf<A> | Response | Promise<AnswerOf<A> | Response>;
  },
): Route {
  const { handle, params, query, body, ...rest } = route;
  return {
    ...rest,
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    handle: async (raw) => {
      const { request } = raw;
      const path = parse(params, raw.params, "the path");
      const asked = parse(
        query,
        Object.fromEntries(new URL(request.url).searchParams),
        "the query",
      );
      const json = body === undefined ? undefined : await readJson(request);
      const answer = await handle({
        params: path,
        query: asked,
        body: parse(body, json?.value, "the body"),
        bodyText: json?.text ?? "",
        request,
      });
      if (answer instanceof Response) return answer;
      return Response.json(answer.body, { status: Number(answer.status) });
    },
  };
}

/** What a schema makes of a part of a request; undefined where there is no schema. */
export function parse<T extends z.ZodType | undefined>(
  schema: T | undefined,
  value: unknown,
  what: string,
): Parsed<T> {
  // `T` decides both whether there is a schema and what comes of it: no narrowing follows that
  if (schema === undefined) return undefined as Parsed<T>;
  const read = schema.safeParse(value);
  if (read.success) return read.data as Parsed<T>;
  throw new HttpError(
    400,
    `Cannot read ${what}: ${z.prettifyError(read.error).replaceAll("\n", " ")}`,
  );
}

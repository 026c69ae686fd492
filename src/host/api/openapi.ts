import { z } from "zod";
import { VERSION } from "../../base/mod.ts";
import type { RefusalStatus } from "./http_error.ts";
import { TOKEN_HEADER } from "./loopback_guard.ts";
import type { Route, RouteDescription } from "./route.ts";
import { components, errorAnswer, streamedEvent } from "./schemas.ts";

/** JSON as this document has it. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** What each bad answer means. */
const REFUSALS: Readonly<Record<RefusalStatus | 401 | 403, string>> = {
  400: "The request cannot be read, or asks for what cannot be",
  401: `The ${TOKEN_HEADER} header is missing or wrong`,
  403: "The request does not come from this machine",
  404: "There is no such thing",
  405: "Not with this method",
  409: "It is not in a state for this",
  413: "The body is too large",
  415: "The body is not JSON",
  429: "Too many at once",
  503: "Not just now",
};

/**
 * The OpenAPI 3.1 description of the API, made from the schemas that check its requests
 * (https://spec.openapis.org/oas/v3.1.1.html).
 */
export function openApiDocument(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: {
      title: "gemmapod Host",
      summary: "The loopback API of a Host",
      description:
        `Answers on 127.0.0.1 alone. \`GET /auth\` gives the token of the running Host; ` +
        `every other request sends it in \`${TOKEN_HEADER}\`. Errors are \`{error}\`.`,
      version: VERSION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "The Host that gave this document" }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "apiKey", in: "header", name: TOKEN_HEADER } },
      schemas: schemas(routes),
    },
  };
}

function operation(route: Route): Json {
  const { id, summary, access, body } = route;
  return {
    operationId: id,
    summary,
    ...(access === "open" ? { security: [] } : {}),
    parameters: [
      ...parameters("path", route.params),
      ...parameters("query", route.query),
      ...parameters("header", route.headers),
    ],
    ...(body === undefined ? {} : {
      requestBody: { required: true, content: { "application/json": { schema: ref(body) } } },
    }),
    responses: { ...goodAnswers(route), ...badAnswers(route) },
  };
}

function parameters(where: "path" | "query" | "header", schema: z.ZodObject | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema);
  return Object.entries(properties).map(([name, property]) => {
    const { description = "", ...rest } = property;
    return {
      name,
      in: where,
      required: required.includes(name),
      ...(description === "" ? {} : { description }),
      schema: rest,
    };
  });
}

function goodAnswers({ answers, stream, summary }: Route): JsonObject {
  const events: JsonObject = {
    "text/event-stream": {
      schema: {
        type: "string",
        description: "Server-sent events; the data of each is a " +
          `\`${ref(streamedEvent).$ref}\` as JSON. Comments show that the line is alive`,
      },
    },
  };
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [status, {
      description: summary,
      content: stream === "events" ? events : { "application/json": { schema: ref(schema) } },
    }]),
  );
}

function badAnswers({ access, params, query, body, refusals = [] }: RouteDescription): JsonObject {
  const statuses = new Set<keyof typeof REFUSALS>([403, ...refusals]);
  if (access === "token") statuses.add(401);
  if (params !== undefined || query !== undefined || body !== undefined) statuses.add(400);
  if (body !== undefined) statuses.add(413).add(415);
  return Object.fromEntries(
    [...statuses].sort((a, b) => a - b).map((status) => [`${status}`, {
      description: REFUSALS[status],
      content: { "application/json": { schema: ref(errorAnswer) } },
    }]),
  );
}

/** Requests may have more than is read; answers have what is written here and no more. */
function schemas(routes: readonly Route[]): JsonObject {
  const requests = new Set(routes.flatMap(({ body }) => body === undefined ? [] : [nameOf(body)]));
  const named = (io: "input" | "output") =>
    z.toJSONSchema(components, { io, uri: (id) => `#/components/schemas/${id}` }).schemas;
  const [input, output] = [named("input"), named("output")];
  return Object.fromEntries(
    Object.keys(output).map((name) => [
      name,
      plain((requests.has(name) ? input : output)[name] ?? {}),
    ]),
  );
}

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() }))
    .optional(),
  required: z.array(z.string()).optional(),
});

function jsonSchema(schema: z.ZodType) {
  return objectSchema.parse(z.toJSONSchema(schema, { io: "input" })) as {
    // what was just made as JSON is JSON; zod's own type of it is `unknown`
    properties?: Record<string, { description?: string } & JsonObject>;
    required?: string[];
  };
}

/** Without what only a schema that stands alone has. */
function plain({ $schema: _schema, $id: _id, ...schema }: Record<string, unknown>): JsonObject {
  // as above
  return schema as JsonObject;
}

function ref(schema: z.ZodType): { $ref: string } {
  return { $ref: `#/components/schemas/${nameOf(schema)}` };
}

function nameOf(schema: z.ZodType): string {
  const name = components.get(schema)?.id;
  if (name === undefined) throw new TypeError("Cannot describe the API: a schema has no name");
  return name;
}

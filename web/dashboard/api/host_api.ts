import * as z from "zod/mini";
import { errorMessage } from "../../../src/base/mod.ts";
import { ApiFailure } from "./api_failure.ts";
import { authAnswer, errorAnswer } from "./schemas.ts";

/** The header that carries the token (host.md). */
const TOKEN_HEADER = "X-Gemmapod-Token";

/** A Host on this machine answers at once, or something is wrong with it; in milliseconds. */
const ANSWER_WITHIN_MS = 15_000;

/** What a request may have beside its path. */
export interface ApiRequest {
  method?: "GET" | "POST" | "DELETE";
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

/** The Host's API as the page uses it: with the token, which it fetches, and checked answers. */
export class HostApi {
  readonly #fetch: typeof fetch;
  #token: string | undefined;

  /** @param options.fetch for tests; by default the page's own */
  constructor(options: { fetch?: typeof fetch } = {}) {
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /** Asks for the token again: a Host that was restarted has another. */
  async authenticate(signal?: AbortSignal): Promise<void> {
    const response = await this.#send("/auth", { ...signal && { signal } });
    this.#token = (await readAnswer(response, authAnswer)).token;
  }

  /**
   * One request below `/api/v1`, and its answer.
   *
   * Rejects with {@linkcode ApiFailure}, or with the reason of the signal.
   */
  async request<T>(path: string, schema: z.ZodMiniType<T>, request: ApiRequest = {}): Promise<T> {
    const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    return await readAnswer(await this.#withToken(path, { ...request, signal }), schema);
  }

  /** The event stream from the event after `lastEventId` on. Rejects as `request` does. */
  async events(
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#withToken("/events/stream", {
      signal,
      headers: {
        Accept: "text/event-stream",
        ...lastEventId !== undefined && { "Last-Event-ID": lastEventId },
      },
    });
    if (response.body === null) throw new ApiFailure(response.status, "The event stream is empty");
    return response.body;
  }

  async #withToken(
    path: string,
    request: ApiRequest & { headers?: Record<string, string> },
  ): Promise<Response> {
    if (this.#token === undefined) await this.authenticate(request.signal);
    const first = await this.#send(`/api/v1${path}`, request);
    if (first.status !== 401) return await accepted(first);
    await first.body?.cancel();
    await this.authenticate(request.signal);
    return await accepted(await this.#send(`/api/v1${path}`, request));
  }

  async #send(
    path: string,
    { method = "GET", body, signal, headers }: ApiRequest & { headers?: Record<string, string> },
  ): Promise<Response> {
    try {
      return await this.#fetch(path, {
        method,
        cache: "no-store",
        headers: {
          ...headers,
          ...this.#token !== undefined && { [TOKEN_HEADER]: this.#token },
          ...body !== undefined && { "Content-Type": "application/json" },
        },
        ...body !== undefined && { body: JSON.stringify(body) },
        ...signal && { signal },
      });
    } catch (cause) {
      throw new ApiFailure(0, errorMessage(cause), { cause });
    }
  }
}

async function readAnswer<T>(response: Response, schema: z.ZodMiniType<T>): Promise<T> {
  const answer = await (await accepted(response)).json().catch(() => undefined);
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new ApiFailure(
    response.status,
    `Cannot read what the Host answered: ${read.error.message}`,
  );
}

/** The response itself where it is a good one. */
async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  const read = errorAnswer.safeParse(await response.json().catch(() => undefined));
  throw new ApiFailure(
    response.status,
    read.success ? read.data.error : `The Host answered with status ${response.status}`,
    { issues: read.data?.issues?.map(({ message }) => message) ?? [] },
  );
}

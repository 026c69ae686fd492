import { z } from "zod";
import { type RawReply, type RawRequest, serveRaw } from "./raw_http.ts";

/** What the endpoint does with one `POST /v1/chat/completions`. Everything is optional. */
export interface Script {
  /** What it says, one streamed chunk each. @default ["Hello", " from", " the", " endpoint."] */
  tokens?: Iterable<string>;
  /** Reasoning, streamed before the tokens. */
  reasoning?: Iterable<string>;
  /** What the endpoint calls it. @default "reasoning_content" */
  reasoningAs?: "reasoning_content" | "reasoning";
  /** Tool calls, streamed after the tokens; the finish reason is then `tool_calls`. */
  toolCalls?: readonly ScriptedCall[];
  /**
   * Awaited before each chunk with its index from 0 (reasoning and tokens count together).
   * {@linkcode everyMs} paces by the clock, {@linkcode Gate} lets the test hold and release.
   */
  pace?: (index: number, signal: AbortSignal) => void | Promise<void>;
  /** Refuses with this HTTP status instead of answering. */
  status?: number;
  /** The body of a refusal. @default an error in OpenAI's form */
  body?: string;
  /** Breaks the connection off after so many chunks, without an end of the stream. */
  breakAfter?: number;
  /** Takes the request and never sends a byte, not even headers, until the client leaves. */
  stall?: boolean;
  /** @default "stop" */
  finishReason?: string;
  /** Sent in the last chunk. */
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** A tool call as an endpoint streams it. */
export interface ScriptedCall {
  /** Left out by some endpoints. */
  id?: string;
  name: string;
  /** JSON text, whole or in pieces. */
  arguments: string | readonly string[];
  /** Some endpoints say 0 for every call. @default its place in the list */
  index?: number;
}

const requestBody = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
});

/** One chat request that reached the endpoint, and how far its answer got. */
export interface RecordedRequest {
  /** The parsed body: `model`, `messages`, and whatever else the client sent. */
  readonly body: z.infer<typeof requestBody>;
  /** Role and text of each message, for `assert.deepEqual`. */
  readonly thread: readonly { role: string; content: string }[];
  readonly headers: Headers;
  /** When each chunk was written, `performance.timeOrigin + performance.now()`, in ms. */
  readonly emittedAt: readonly number[];
  /** How the request ended. Rejects when it goes on for half a minute more. */
  readonly ended: Promise<"answered" | "refused" | "broken" | "aborted">;
  /** Settles when at least `count` chunks are out; rejects when the request ends before that, or
   * when they are not within half a minute. */
  emitted(count: number): Promise<void>;
}

/** Options of {@linkcode startModelEndpoint}. */
export interface ModelEndpointOptions {
  /** The answer to every request that no {@linkcode ModelEndpoint.next} is waiting for. */
  script?: Script;
  /** Names listed by `GET /v1/models`. @default ["test-model"] */
  models?: readonly string[];
  /** Refuse (401) requests whose bearer token is another. */
  apiKey?: string;
  /** Also speak Ollama's own `/api/version` and `/api/tags`, as a Host looks for it. */
  ollama?: boolean;
  /** Port to listen on; 0 takes a free one. Give the old one to come back after `stop()`. @default 0 */
  port?: number;
}

/** A running endpoint. */
export interface ModelEndpoint extends AsyncDisposable {
  /** Base URL without `/v1`, as an owner would write it: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Chat requests in the order of their arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The script of all further requests; a function chooses by the request. */
  script(script: Script | ((body: RecordedRequest["body"]) => Script)): void;
  /** Scripts of the next requests, used once each, before the standing one. */
  next(...scripts: Script[]): void;
  /** Settles with request number `index` (from 0) as soon as it has arrived; rejects when it does
   * not within half a minute. */
  request(index: number): Promise<RecordedRequest>;
  /** Breaks open answers off and stops listening: a connection is refused afterwards. */
  stop(): Promise<void>;
}

/** A pace for {@linkcode Script}: chunk n leaves `n * ms` after the first, measured from the start
 * so that delays of the timer do not add up. */
export function everyMs(ms: number): NonNullable<Script["pace"]> {
  const starts = new WeakMap<AbortSignal, number>(); // one start a request: its signal stands for it
  return (index, signal) => {
    const start = starts.get(signal) ?? performance.now();
    starts.set(signal, start);
    const wait = start + index * ms - performance.now();
    return wait <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, wait));
  };
}

/** Holds the chunks of a script until the test says so: `pace: gate.pace`, then `gate.open(3)`. */
export class Gate {
  #allowed = 0;
  #waiting: (() => void)[] = [];

  /** Lets `count` more chunks out; all of them without an argument. */
  open(count = Infinity): void {
    this.#allowed += count;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** For `Script.pace`. */
  readonly pace = async (_index: number, signal: AbortSignal): Promise<void> => {
    while (this.#allowed <= 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    this.#allowed--;
  };
}

/**
 * Starts a real HTTP server on loopback that speaks the streaming part of OpenAI's
 * `/v1/chat/completions`, and `/v1/models`, by a script.
 *
 * @example
 * ```ts
 * import { everyMs, startModelEndpoint } from "./model_endpoint.ts";
 *
 * await using endpoint = startModelEndpoint({
 *   script: { tokens: Array.from({ length: 200 }, (_, i) => `t${i} `), pace: everyMs(5) },
 * });
 * endpoint.next({ status: 500 }, { tokens: ["one"], breakAfter: 1 }, { stall: true });
 * // … a Host with `--provider-url endpoint.url` …
 * const request = await endpoint.request(0); // settles when the first chat request arrives
 * await request.emitted(20); //                 20 chunks are out
 * await request.ended; //                       "answered" | "refused" | "broken" | "aborted"
 * request.thread; //                            [{ role: "system", content: … }, …]
 * ```
 */
export function startModelEndpoint(options: ModelEndpointOptions = {}): ModelEndpoint {
  const { models = ["test-model"], apiKey, ollama = false, port = 0 } = options;
  const requests: Recording[] = [];
  const arrivals = new Map<number, PromiseWithResolvers<RecordedRequest>>();
  const queue: Script[] = [];
  let standing: Script | ((body: RecordedRequest["body"]) => Script) = options.script ?? {};

  async function chat(request: RawRequest, reply: RawReply): Promise<void> {
    const parsed = requestBody.safeParse(jsonOf(request.body));
    if (!parsed.success) return await refuse(reply, 400, "the body is not a chat request");
    const recording = new Recording(parsed.data, request.headers);
    requests.push(recording);
    reply.left.addEventListener("abort", () => recording.end("aborted"), { once: true });
    const script = queue.shift() ??
      (typeof standing === "function" ? standing(parsed.data) : standing);
    arrivals.get(requests.length - 1)?.resolve(recording);
    if (script.status !== undefined) {
      recording.end("refused");
      return await refuse(reply, script.status, `scripted refusal ${script.status}`, script.body);
    }
    if (script.stall) await recording.over;
    else await answer(script, recording, reply);
  }

  async function handle(request: RawRequest, reply: RawReply): Promise<void> {
    const { method, path } = request;
    if (method === "OPTIONS") return await reply.whole(204, "text/plain", "");
    if (ollama && path === "/api/version") return await json(reply, { version: "0.0.0-test" });
    if (ollama && path === "/api/tags") {
      return await json(reply, { models: models.map((name) => ({ name, model: name })) });
    }
    if (apiKey !== undefined && request.headers.get("authorization") !== `Bearer ${apiKey}`) {
      return await refuse(reply, 401, "Incorrect API key provided");
    }
    if (path === "/v1/models" && method === "GET") {
      const data = models.map((id) => ({ id, object: "model" }));
      return await json(reply, { object: "list", data });
    }
    if (path === "/v1/chat/completions" && method === "POST") return await chat(request, reply);
    await refuse(reply, 404, "no such route");
  }

  const server = serveRaw(port, handle);
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    requests,
    script: (script) => void (standing = script),
    next: (...scripts) => void queue.push(...scripts),
    request: (index) => {
      const there = requests[index];
      if (there !== undefined) return Promise.resolve(there);
      const arrival = arrivals.get(index) ?? Promise.withResolvers<RecordedRequest>();
      arrivals.set(index, arrival);
      return within(arrival.promise, `request ${index}`);
    },
    stop: server.stop,
    [Symbol.asyncDispose]: server.stop,
  };
}

/** How long a test waits for anything here, in milliseconds: a hang is a failure with a name. */
const WAIT_MS = 30_000;

function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${what} of the model endpoint did not come in time`)),
    WAIT_MS,
  );
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

/** What {@linkcode startModelEndpoint} writes and the test reads. */
class Recording implements RecordedRequest {
  readonly emittedAt: number[] = [];
  readonly thread: { role: string; content: string }[];
  readonly #end = Promise.withResolvers<"answered" | "refused" | "broken" | "aborted">();
  #waiting: { count: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  #over: string | undefined;

  constructor(readonly body: RecordedRequest["body"], readonly headers: Headers) {
    this.thread = body.messages.map(({ role, content }) => ({ role, content: textOf(content) }));
  }

  /** As `ended`, however long it takes. */
  get over(): Promise<unknown> {
    return this.#end.promise;
  }

  get ended(): Promise<"answered" | "refused" | "broken" | "aborted"> {
    return this.#over === undefined
      ? within(this.#end.promise, "the end of a request")
      : this.#end.promise;
  }

  emitted(count: number): Promise<void> {
    if (this.emittedAt.length >= count) return Promise.resolve();
    if (this.#over !== undefined) return Promise.reject(this.#short(count));
    const waited = new Promise<void>((resolve, reject) =>
      this.#waiting.push({ count, resolve, reject })
    );
    return within(waited, `chunk ${count}`);
  }

  note(): void {
    this.emittedAt.push(performance.timeOrigin + performance.now());
    const ready = this.#waiting.filter(({ count }) => count <= this.emittedAt.length);
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }

  end(how: "answered" | "refused" | "broken" | "aborted"): void {
    if (this.#over !== undefined) return;
    this.#over = how;
    this.#end.resolve(how);
    for (const { count, reject } of this.#waiting.splice(0)) reject(this.#short(count));
  }

  #short(count: number): Error {
    return new Error(`The answer ${this.#over} after ${this.emittedAt.length} of ${count} chunks`);
  }
}

async function answer(script: Script, recording: Recording, reply: RawReply): Promise<void> {
  const send = (delta: unknown, rest: Record<string, unknown> = {}, finish: string | null = null) =>
    reply.chunk(`data: ${
      JSON.stringify({
        id: "chatcmpl-test",
        object: "chat.completion.chunk",
        created: 0,
        model: recording.body.model,
        choices: [{ index: 0, delta, finish_reason: finish }],
        ...rest,
      })
    }\n\n`);

  await reply.head(200, "text/event-stream");
  await send({ role: "assistant", content: "" });
  for (const delta of deltasOf(script)) {
    if (recording.emittedAt.length === script.breakAfter) break;
    await script.pace?.(recording.emittedAt.length, reply.left);
    if (reply.left.aborted) return;
    recording.note();
    await send(delta);
  }
  if (script.breakAfter !== undefined) {
    recording.end("broken");
    return await reply.breakOff();
  }
  const finish = script.finishReason ?? (script.toolCalls ? "tool_calls" : "stop");
  await send({}, script.usage ? { usage: script.usage } : {}, finish);
  if (!reply.left.aborted) recording.end("answered");
  await reply.chunk("data: [DONE]\n\n");
  await reply.end();
}

function* deltasOf(script: Script): Generator<Record<string, unknown>> {
  const reasoningAs = script.reasoningAs ?? "reasoning_content";
  for (const text of script.reasoning ?? []) yield { [reasoningAs]: text };
  for (const text of script.tokens ?? ["Hello", " from", " the", " endpoint."]) {
    yield { content: text };
  }
  for (const [place, call] of (script.toolCalls ?? []).entries()) {
    const { id, name, arguments: args, index = place } = call;
    const [first = "", ...rest] = typeof args === "string" ? [args] : args;
    yield { tool_calls: [{ index, id, type: "function", function: { name, arguments: first } }] };
    for (const piece of rest) yield { tool_calls: [{ index, function: { arguments: piece } }] };
  }
}

function json(reply: RawReply, value: unknown): Promise<void> {
  return reply.whole(200, "application/json", JSON.stringify(value));
}

function refuse(reply: RawReply, status: number, message: string, body?: string): Promise<void> {
  const error = { message, type: "test_error", code: null };
  return reply.whole(status, "application/json", body ?? JSON.stringify({ error }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

/** OpenAI lets `content` be a string or a list of parts; a test wants the text. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = z.array(z.looseObject({ text: z.string().optional() })).safeParse(content);
  return parts.success ? parts.data.map(({ text }) => text ?? "").join("") : "";
}

import { ModelFailure, modelFailure } from "./model_failure.ts";
import type { CallOptions, Model, StreamPart } from "./language_model.ts";
import { PieceMerger } from "./piece_merger.ts";
import { type CallSink, type ModelToolCall, StepCalls } from "./step_calls.ts";

/** Where an answer goes: the part of a `RunWriter` that it needs. */
export interface AnswerSink extends CallSink {
  text(delta: string): void;
  reasoning(delta: string): void;
  /** A promise to await before reading on from the model; undefined while the peer keeps up. */
  writable(): Promise<void> | undefined;
}

/** How an answer ended. */
export interface AnswerEnd {
  /** `stop`, `length`, `content-filter`, `tool-calls`, `other`, … */
  readonly finishReason: string;
  /** Tokens, where the endpoint counts them. */
  readonly usage: { inputTokens?: number; outputTokens?: number; totalTokens?: number };
}

/** How one step of an answer ended. */
export interface StepEnd extends AnswerEnd {
  /** Empty where the answer is whole. */
  readonly toolCalls: readonly ModelToolCall[];
  /** What the model thought before it called its tools, which some want to see again. */
  readonly reasoning: string;
}

/** A message for the model, in the AI SDK's own form. */
export type PromptMessage = CallOptions["prompt"][number];

/** What {@linkcode streamAnswer} asks. */
export interface AnswerRequest {
  readonly model: Model;
  readonly system: string;
  readonly messages: readonly { role: "user" | "assistant"; content: string }[];
  /** What the model and its tools said in earlier steps of this answer. @default nothing */
  readonly steps?: readonly PromptMessage[];
  /** What the model may call. @default nothing: then calls of its own making are not heard */
  readonly tools?: NonNullable<CallOptions["tools"]>;
  /** The ids of the tool calls of this answer so far; this adds to them. @default none */
  readonly callIds?: Set<string>;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly sink: AnswerSink;
  /** Aborts the HTTP request itself. */
  readonly signal: AbortSignal;
  /** @default 2 minutes for the first piece, 1 minute for each further one */
  readonly patience?: Patience;
}

/** How long an endpoint may say nothing, in milliseconds. */
export interface Patience {
  /** Before the first piece: a local model may have to be loaded from disk. */
  readonly firstMs: number;
  /** Between two pieces. */
  readonly nextMs: number;
}

const PATIENCE: Patience = { firstMs: 120_000, nextMs: 60_000 };

type FinishPart = Extract<StreamPart, { type: "finish" }>;

/** How often the silence is looked at, as a part of what is allowed. */
const LOOKS = 10;

/** How much of a step's reasoning is kept for the next one, in characters. */
const MAX_KEPT_REASONING = 16_000;

/**
 * Streams one answer, or one step of it, into a sink, piece by piece as it comes. Settles when the
 * model is done.
 *
 * Reads the model's stream itself: the AI SDK's `streamText` would pass each piece through six more
 * streams and keep all of them until the end, for twice the CPU and memory (measured, 200 runs).
 *
 * Rejects with {@linkcode ModelFailure}; when `signal` is aborted, with its reason.
 */
export async function streamAnswer(request: AnswerRequest): Promise<StepEnd> {
  const { model, sink, signal, patience = PATIENCE, tools = [] } = request;
  signal.throwIfAborted();
  // Linked by hand: Deno collects what `AbortSignal.any` gives before it fires (deno#29075).
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  let silent = false;
  let begun: "begun" | "not_begun" = "not_begun";
  let heardAt = performance.now();

  const look = setInterval(() => {
    const allowed = begun === "begun" ? patience.nextMs : patience.firstMs;
    if (performance.now() - heardAt <= allowed) return;
    silent = true;
    stop.abort();
  }, Math.min(patience.firstMs, patience.nextMs) / LOOKS);
  using merger = new PieceMerger(sink);
  const calls = tools.length === 0 ? undefined : new StepCalls(sink, request.callIds ?? new Set());
  let reasoning = "";

  try {
    const { stream } = await model.doStream({
      prompt: promptOf(request),
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.maxOutputTokens === undefined
        ? {}
        : { maxOutputTokens: request.maxOutputTokens }),
      ...(tools.length === 0 ? {} : { tools: [...tools] }),
      abortSignal: stop.signal,
    });
    const reader = stream.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const part = read.value;
      switch (part.type) {
        case "text-delta":
          begun = "begun";
          merger.text(part.delta);
          break;
        case "reasoning-delta":
          begun = "begun";
          merger.reasoning(part.delta);
          if (reasoning.length < MAX_KEPT_REASONING) reasoning += part.delta;
          break;
        case "tool-input-start":
          begun = "begun";
          merger.flush(); // what was said before the call is shown before it
          calls?.start(part.id, part.toolName);
          break;
        case "tool-input-delta":
          calls?.args(part.id, part.delta);
          break;
        case "tool-call":
          begun = "begun";
          merger.flush();
          calls?.call(part.toolCallId, part.toolName, part.input, optionsOf(part));
          break;
        case "error":
          throw part.error;
        case "finish":
          merger.flush();
          return { ...endOf(part, begun), toolCalls: calls?.whole ?? [], reasoning };
      }
      const full = sink.writable();
      if (full !== undefined) {
        heardAt = Infinity; // while the visitor takes its time, the endpoint is not to blame
        await settledOrAborted(full, signal);
      }
      if (signal.aborted) break;
      heardAt = performance.now();
    }
    throw new Error("the answer has no end: closed");
  } catch (error) {
    merger.flush();
    stop.abort(); // the endpoint need not go on, whatever went wrong
    signal.throwIfAborted();
    throw silent ? silence(begun) : modelFailure(error, begun);
  } finally {
    clearInterval(look);
    signal.removeEventListener("abort", onAbort);
  }
}

/** The AI SDK's own form of a conversation. */
function promptOf({ system, messages, steps = [] }: AnswerRequest): CallOptions["prompt"] {
  return [
    { role: "system", content: system },
    ...messages.map(({ role, content }) => ({
      role,
      content: [{ type: "text" as const, text: content }],
    })),
    ...steps,
  ];
}

function optionsOf(
  { providerMetadata }: Extract<StreamPart, { type: "tool-call" }>,
): Pick<ModelToolCall, "providerOptions"> {
  return providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
}

function endOf(part: FinishPart, begun: "begun" | "not_begun"): AnswerEnd {
  const { finishReason: { unified, raw }, usage } = part;
  if (begun === "not_begun" && raw === undefined) {
    throw new Error("JSON: the endpoint sent nothing that is an answer");
  }
  const [inputTokens, outputTokens] = [usage.inputTokens.total, usage.outputTokens.total];
  return {
    finishReason: unified,
    usage: {
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(inputTokens === undefined || outputTokens === undefined
        ? {}
        : { totalTokens: inputTokens + outputTokens }),
    },
  };
}

function silence(begun: "begun" | "not_begun"): ModelFailure {
  return begun === "begun"
    ? new ModelFailure(
      "chat_failed",
      "The model stopped in the middle of its answer. Please ask again.",
      "the endpoint fell silent in the middle of an answer",
    )
    : new ModelFailure(
      "model_unavailable",
      "The model behind this pod does not answer. Please try again later.",
      "the endpoint took the request and said nothing",
    );
}

function settledOrAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done, { once: true });
    promise.then(done, done);
  });
}

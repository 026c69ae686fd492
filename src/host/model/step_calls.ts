import type { StreamPart } from "./language_model.ts";
import { ModelFailure } from "./model_failure.ts";

type CallPart = Extract<StreamPart, { type: "tool-call" }>;

/** Takes the calls of a model as they stream: the part of a `RunWriter` that they need. */
export interface CallSink {
  toolCall(toolCallId: string, toolName: string): void;
  toolArgs(toolCallId: string, delta: string): void;
  toolEnd(toolCallId: string): void;
}

/** A tool call of a model, whole. */
export interface ModelToolCall {
  /** Ours: unique in its run. */
  readonly toolCallId: string;
  readonly toolName: string;
  /** JSON text, unchecked. */
  readonly input: string;
  /** What the endpoint wants to see again beside the call. */
  readonly providerOptions?: CallPart["providerMetadata"];
}

/** The most calls of one step: a model that wants more has lost its way. */
const MAX_CALLS = 16;

/** The most characters of arguments of one step; the same. */
const MAX_ARGUMENT_CHARS = 64 * 1024;

/** Ids and names come from the endpoint, and every frame of a call repeats the id. */
const MAX_ID_CHARS = 128;

/**
 * The tool calls of one step of a run. Endpoints number calls as they like (`call_0` in each step),
 * so an id that the run has seen gets a number after it.
 *
 * Throws {@linkcode ModelFailure} when the model asks for far too much.
 */
export class StepCalls {
  readonly #sink: CallSink;
  readonly #taken: Set<string>;
  /** By the endpoint's id. */
  readonly #open = new Map<string, { readonly toolCallId: string; chars: number }>();
  readonly #whole: ModelToolCall[] = [];
  #chars = 0;

  /** @param taken the ids of the run so far; this adds its own */
  constructor(sink: CallSink, taken: Set<string>) {
    this.#sink = sink;
    this.#taken = taken;
  }

  /** Those that are whole, in the order of their ends. */
  get whole(): readonly ModelToolCall[] {
    return this.#whole;
  }

  start(id: string, name: string): void {
    this.#opened(id, name);
  }

  args(id: string, delta: string): void {
    const call = this.#open.get(id);
    if (call === undefined || delta === "") return;
    this.#chars += delta.length;
    if (this.#chars > MAX_ARGUMENT_CHARS) {
      throw tooMuch(`the arguments of a tool call are longer than ${MAX_ARGUMENT_CHARS}`);
    }
    call.chars += delta.length;
    this.#sink.toolArgs(call.toolCallId, delta);
  }

  /** The call is whole; `rest` is what its endpoint says of it again. */
  call(
    id: string,
    name: string,
    input: string,
    rest: Pick<ModelToolCall, "providerOptions">,
  ): void {
    const call = this.#open.get(id) ?? this.#opened(id, name);
    if (call.chars === 0) this.args(id, input); // an endpoint that does not stream arguments
    this.#open.delete(id);
    this.#sink.toolEnd(call.toolCallId);
    const { toolCallId } = call;
    this.#whole.push({ toolCallId, toolName: name.slice(0, MAX_ID_CHARS), input, ...rest });
  }

  #opened(id: string, name: string) {
    if (this.#open.size + this.#whole.length >= MAX_CALLS) {
      throw tooMuch(`the model calls more than ${MAX_CALLS} tools at once`);
    }
    const call = { toolCallId: this.#unique(id.slice(0, MAX_ID_CHARS)), chars: 0 };
    this.#open.set(id, call);
    this.#sink.toolCall(call.toolCallId, name.slice(0, MAX_ID_CHARS));
    return call;
  }

  #unique(id: string): string {
    let unique = id;
    for (let number = 2; this.#taken.has(unique); number++) unique = `${id}-${number}`;
    this.#taken.add(unique);
    return unique;
  }
}

function tooMuch(reason: string): ModelFailure {
  return new ModelFailure(
    "chat_failed",
    "The model asked its tools for far too much. Please ask again.",
    reason,
  );
}

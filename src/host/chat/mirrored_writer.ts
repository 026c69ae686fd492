import type { DartcUiEvent, RunEnd, RunWriter } from "../../dartc/mod.ts";

/** Where the copy goes. */
export type RunMirror = (event: DartcUiEvent) => void;

/** What {@linkcode MirroredWriter} needs. */
export interface MirroredWriterOptions {
  /** Whose run it is; without one the copy is all there is. */
  readonly writer?: RunWriter;
  readonly requestId: string;
  readonly conversationId: string;
  readonly mirror: RunMirror;
}

/**
 * How long text is gathered for the copy, in milliseconds. A person who looks on sees a stream, and
 * a burst of tokens does not push everything else out of what a reader may catch up on.
 */
const GATHER_MS = 50;

/** A UI event without what every event of a run says. */
type OfRun<E> = E extends DartcUiEvent ? Omit<E, "threadId" | "runId"> : never;

type Kind = "text" | "reasoning";

/**
 * Passes a run on to its visitor and copies it, as the UI events of dartc.md ("One chat run, in
 * order"), to whoever looks on: text in larger pieces, everything else as it is.
 */
export class MirroredWriter implements RunWriter, Disposable {
  readonly #writer: RunWriter | undefined;
  readonly #runId: string;
  readonly #threadId: string;
  readonly #mirror: RunMirror;
  #kind: Kind = "text";
  #gathered = "";
  #reasoningOpen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ writer, requestId, conversationId, mirror }: MirroredWriterOptions) {
    this.#writer = writer;
    this.#runId = requestId;
    this.#threadId = conversationId;
    this.#mirror = mirror;
  }

  start(): void {
    this.#writer?.start();
    this.#tell({ type: "RUN_STARTED" });
    this.#tell({ type: "TEXT_MESSAGE_START", messageId: this.#id("text"), role: "assistant" });
  }

  text(delta: string): void {
    this.#writer?.text(delta);
    this.#gather("text", delta);
  }

  reasoning(delta: string): void {
    this.#writer?.reasoning(delta);
    this.#gather("reasoning", delta);
  }

  toolCall(toolCallId: string, toolCallName: string): void {
    this.#writer?.toolCall(toolCallId, toolCallName);
    this.#endReasoning();
    const parentMessageId = this.#id("text");
    this.#tell({ type: "TOOL_CALL_START", toolCallId, toolCallName, parentMessageId });
  }

  toolArgs(toolCallId: string, delta: string): void {
    this.#writer?.toolArgs(toolCallId, delta);
    this.#tell({ type: "TOOL_CALL_ARGS", toolCallId, delta });
  }

  toolEnd(toolCallId: string): void {
    this.#writer?.toolEnd(toolCallId);
    this.#tell({ type: "TOOL_CALL_END", toolCallId });
  }

  toolResult(toolCallId: string, content: string): void {
    this.#writer?.toolResult(toolCallId, content);
    const messageId = `${this.#runId}:tool:${toolCallId}`;
    this.#tell({ type: "TOOL_CALL_RESULT", messageId, toolCallId, content, role: "tool" });
  }

  emit(event: DartcUiEvent): void {
    this.#writer?.emit(event);
    this.#flush();
    this.#mirror(event);
  }

  finish(end?: RunEnd): void {
    this.#writer?.finish(end);
    this.#endReasoning();
    this.#tell({ type: "TEXT_MESSAGE_END", messageId: this.#id("text") });
    this.#tell({ type: "RUN_FINISHED" });
  }

  fail(code: string, message: string): void {
    this.#writer?.fail(code, message);
    this.#tell({ type: "RUN_ERROR", code, message });
  }

  writable(): Promise<void> | undefined {
    return this.#writer?.writable();
  }

  /** Tells what was gathered, where the run ended without a word. */
  [Symbol.dispose](): void {
    this.#flush();
  }

  #gather(kind: Kind, delta: string): void {
    if (delta === "") return;
    if (kind === "text") this.#endReasoning();
    else this.#startReasoning();
    this.#kind = kind;
    this.#gathered += delta;
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #startReasoning(): void {
    if (this.#reasoningOpen) return;
    this.#reasoningOpen = true;
    this.#tell({ type: "TEXT_MESSAGE_START", messageId: this.#id("reasoning"), role: "reasoning" });
  }

  #endReasoning(): void {
    if (!this.#reasoningOpen) return;
    this.#reasoningOpen = false;
    this.#tell({ type: "TEXT_MESSAGE_END", messageId: this.#id("reasoning") });
  }

  #tell(event: OfRun<DartcUiEvent>): void {
    this.#flush();
    this.#mirror({ ...event, runId: this.#runId, threadId: this.#threadId });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const delta = this.#gathered;
    if (delta === "") return;
    this.#gathered = "";
    this.#tell({ type: "TEXT_MESSAGE_CONTENT", messageId: this.#id(this.#kind), delta });
  }

  #id(kind: Kind): string {
    return `${this.#runId}:${kind === "text" ? "assistant" : "reasoning"}`;
  }
}

import type { ChatUsage } from "./chat_message.ts";
import type { DartcUiEvent } from "./ui_event.ts";

/** How a run ended. */
export interface RunEnd {
  /** Why the model stopped: `stop`, `length`, `tool-calls`, `cancelled`, … */
  finishReason?: string;
  usage?: ChatUsage;
}

/**
 * Writes the frames of one chat run in the order of dartc.md, "One chat run, in order".
 *
 * After its end, and after the session's, every method does nothing.
 */
export interface RunWriter {
  /** `RUN_STARTED`, the manifest's events, `TEXT_MESSAGE_START`. */
  start(): void;
  /** A piece of the answer, of any length. */
  text(delta: string): void;
  /** A piece of the model's reasoning. */
  reasoning(delta: string): void;
  toolCall(toolCallId: string, toolName: string): void;
  /** A piece of the JSON text of the arguments. */
  toolArgs(toolCallId: string, delta: string): void;
  toolEnd(toolCallId: string): void;
  toolResult(toolCallId: string, content: string): void;
  /** Another event of this run. Throws a `CodedError` `too_large` when it does not fit a frame. */
  emit(event: DartcUiEvent): void;
  /** `TEXT_MESSAGE_END`, `chat.done`, `RUN_FINISHED`, the manifest's events. */
  finish(end?: RunEnd): void;
  /** `RUN_ERROR`, then `dartc.error`; for `cancelled` also `chat.done`. */
  fail(code: string, message: string): void;
  /**
   * Undefined while the visitor keeps up; else a promise to await before reading on from the model.
   * It settles when the visitor has caught up, or the session is closed.
   */
  writable(): Promise<void> | undefined;
}

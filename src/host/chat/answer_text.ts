import type { AnswerSink } from "../model/answer.ts";

/** Passes an answer on and keeps its text, so that as much as came can be remembered. */
export class AnswerText implements AnswerSink {
  readonly #sink: AnswerSink;
  #written = "";
  #isNewStep = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /** What was passed on so far, without the reasoning. */
  get written(): string {
    return this.#written;
  }

  /** What comes now was said after tools had answered: a paragraph of its own. */
  nextStep(): void {
    this.#isNewStep = this.#written !== "" && !/\s$/.test(this.#written);
  }

  text(delta: string): void {
    const piece = this.#isNewStep && !/^\s/.test(delta) ? `\n\n${delta}` : delta;
    this.#isNewStep = false;
    this.#written += piece;
    this.#sink.text(piece);
  }

  reasoning(delta: string): void {
    this.#sink.reasoning(delta);
  }

  toolCall(toolCallId: string, toolName: string): void {
    this.#sink.toolCall(toolCallId, toolName);
  }

  toolArgs(toolCallId: string, delta: string): void {
    this.#sink.toolArgs(toolCallId, delta);
  }

  toolEnd(toolCallId: string): void {
    this.#sink.toolEnd(toolCallId);
  }

  writable(): Promise<void> | undefined {
    return this.#sink.writable();
  }
}

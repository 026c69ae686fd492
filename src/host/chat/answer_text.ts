import type { AnswerSink } from "../model/answer.ts";

/** Passes an answer on and keeps its text, so that as much as came can be remembered. */
export class AnswerText implements AnswerSink {
  readonly #sink: AnswerSink;
  #written = "";

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /** What was passed on so far, without the reasoning. */
  get written(): string {
    return this.#written;
  }

  text(delta: string): void {
    this.#written += delta;
    this.#sink.text(delta);
  }

  reasoning(delta: string): void {
    this.#sink.reasoning(delta);
  }

  writable(): Promise<void> | undefined {
    return this.#sink.writable();
  }
}

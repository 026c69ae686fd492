import type { CapabilityRequest } from "../../src/runtime/mod.ts";
import { Observers } from "./observers.ts";

interface Waiting {
  request: CapabilityRequest;
  answer(allowed: boolean): void;
}

/** What a pod asks to be allowed, one question after the other. */
export class Permissions {
  readonly changes = new Observers();
  /** How many were answered: each question is another. */
  answered = 0;
  #waiting: readonly Waiting[] = [];

  /** The question that the visitor sees. */
  get asked(): CapabilityRequest | undefined {
    return this.#waiting[0]?.request;
  }

  /** Asks; resolves to whether the visitor agrees. */
  readonly ask = (request: CapabilityRequest): Promise<boolean> =>
    new Promise((answer) => {
      this.#set([...this.#waiting, { request, answer }]);
    });

  /** The visitor's answer to {@linkcode asked}. */
  answer(allowed: boolean): void {
    const [first, ...others] = this.#waiting;
    this.answered++;
    first?.answer(allowed);
    this.#set(others);
  }

  /** Nobody is there to ask any more. */
  dispose(): void {
    while (this.asked !== undefined) this.answer(false);
  }

  #set(waiting: readonly Waiting[]): void {
    this.#waiting = waiting;
    this.changes.notify();
  }
}

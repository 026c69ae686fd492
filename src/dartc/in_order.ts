import type { MaybePromise } from "../base/mod.ts";
import { isPromise } from "./maybe.ts";

/**
 * A lane: values that may be there only later are taken one after another, in the order in which
 * they were put in. What is there is taken at once, on the caller's stack, when nothing is ahead of
 * it, so that a synchronous crypto adapter pays for no promise.
 *
 * `take` and the values must not throw or reject: turn errors into values first.
 */
export class InOrder<T> {
  readonly #take: (value: T) => MaybePromise<void>;
  readonly #waiting: MaybePromise<T>[] = [];
  #taken = 0; // how many of #waiting are done; shifting a long array is slow
  #running = false;

  constructor(take: (value: T) => MaybePromise<void>) {
    this.#take = take;
  }

  /** How many values wait for their turn. */
  get length(): number {
    return this.#waiting.length - this.#taken;
  }

  /** Puts a value at the end. */
  push(value: MaybePromise<T>): void {
    this.#waiting.push(value);
    if (!this.#running) this.#run();
  }

  #run(): void {
    this.#running = true;
    while (this.#taken < this.#waiting.length) {
      // The index was just compared with the length.
      const value = this.#waiting[this.#taken] as MaybePromise<T>;
      if (isPromise(value)) {
        this.#goOnAfter(value.then((there) => this.#takeNext(there)));
        return;
      }
      const busy = this.#takeNext(value);
      if (busy !== undefined) {
        this.#goOnAfter(busy);
        return;
      }
    }
    this.#running = false;
  }

  #takeNext(value: T): Promise<void> | undefined {
    this.#taken++;
    if (this.#taken === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#taken = 0;
    } else if (this.#taken > 1024) {
      this.#waiting.splice(0, this.#taken);
      this.#taken = 0;
    }
    const busy = this.#take(value);
    return isPromise(busy) ? busy : undefined;
  }

  #goOnAfter(busy: Promise<void>): void {
    busy.then(() => this.#run());
  }
}

/** Does one thing after another, and takes no more when too many wait. */
export class Lane {
  readonly #maxWaiting: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param maxWaiting things that may wait behind the one that is done */
  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Does something in its turn; undefined where too many wait. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#waiting > this.#maxWaiting) return undefined;
    this.#waiting++;
    const done = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = done.catch(() => {}); // whoever asked for it is told
    return done;
  }
}

/** Until when each of many things must be done. Has no timer: its owner asks. */
export class Deadlines<T> {
  readonly #moments = new Map<T, number>();

  set(thing: T, moment: number): void {
    this.#moments.set(thing, moment);
  }

  delete(thing: T): void {
    this.#moments.delete(thing);
  }

  keys(): IterableIterator<T> {
    return this.#moments.keys();
  }

  /** Those whose moment has passed; each is told of once. */
  *passed(now: number): Generator<T> {
    for (const [thing, moment] of this.#moments) {
      if (moment > now) continue;
      this.#moments.delete(thing);
      yield thing;
    }
  }
}

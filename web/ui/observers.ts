/** Those who want to know when something changed. */
export class Observers {
  readonly #handlers = new Set<() => void>();

  /** @returns a function that ends the subscription */
  readonly subscribe = (handler: () => void): () => void => {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  };

  /** How many are subscribed. */
  get size(): number {
    return this.#handlers.size;
  }

  /** Tells them all. */
  notify(): void {
    for (const handler of [...this.#handlers]) handler();
  }
}

/** How many visitors a Host has at once, over all its pods (`--max-peers`, host.md). */
export class PeerLimit {
  readonly #most: number;
  #open = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get open(): number {
    return this.#open;
  }

  /** A place, given back when disposed of; undefined when all are taken. */
  enter(): Disposable | undefined {
    if (this.#open >= this.#most) return undefined;
    this.#open++;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#open--;
        held = false;
      },
    };
  }
}

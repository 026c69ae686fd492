/** Lets one piece of work run at a time, in the order they came; each may hold a page in memory. */
export class Gate {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all that came before is done, and settles as it does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {}); // whoever waits behind it has nothing to do with its failure
    return result;
  }
}

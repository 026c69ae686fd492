/**
 * Does something soon, however often it is asked for: never twice at once, and with a pause between
 * two times, so that a thousand visitors who come in a second cost four requests.
 */
export class Coalesced {
  readonly #run: () => Promise<void>;
  readonly #gapMs: number;
  #state: "idle" | "busy" | "asked_again" | "disposed" = "idle";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param run what to do; must not reject
   * @param gapMs the pause after each time, in milliseconds
   */
  constructor(run: () => Promise<void>, gapMs: number) {
    this.#run = run;
    this.#gapMs = gapMs;
  }

  /** Has it done: now, or after what is going on. */
  request(): void {
    if (this.#state === "busy") this.#state = "asked_again";
    else if (this.#state === "idle") this.#start();
  }

  /** Nothing is begun from now on. */
  dispose(): void {
    this.#state = "disposed";
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#state = "busy";
    void this.#run().finally(() => {
      if (this.#state === "disposed") return;
      this.#timer = setTimeout(() => this.#next(), this.#gapMs);
    });
  }

  #next(): void {
    const again = this.#state === "asked_again";
    this.#state = "idle";
    if (again) this.#start();
  }
}

/** Takes what the merger lets through. */
export interface PieceSink {
  text(delta: string): void;
  reasoning(delta: string): void;
}

/**
 * How many pieces become one at most: enough that signing a burst costs little, few enough that a
 * burst still shows as a stream.
 */
const MAX_MERGED = 8;

/**
 * How many pieces go out singly in each {@linkcode WINDOW_MS}. A machine that stalls for a moment
 * finds a few tokens of a usual model waiting; they are still shown one by one, and cost a
 * millisecond to sign.
 */
const MAX_SINGLE = 32;

/** With {@linkcode MAX_SINGLE}, over 1,000 pieces a second: more than any model makes of itself. */
const WINDOW_MS = 25;

/**
 * Merges pieces that arrive within one turn of the event loop (dartc.md, "One chat run"), where
 * they are many: after {@linkcode MAX_SINGLE} in one window, those that come before the loop turns
 * follow together, up to {@linkcode MAX_MERGED} to a frame. At the pace of a model nothing is
 * merged and nothing waits.
 */
export class PieceMerger implements Disposable {
  readonly #sink: PieceSink;
  readonly #now: () => number;
  #kind: keyof PieceSink = "text";
  #merged = "";
  #pieces = 0;
  #single = 0;
  #windowStart = -Infinity;
  #turn: ReturnType<typeof setTimeout> | undefined;

  /** @param now milliseconds, monotonic */
  constructor(sink: PieceSink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
  }

  text(delta: string): void {
    this.#add("text", delta);
  }

  reasoning(delta: string): void {
    this.#add("reasoning", delta);
  }

  /** Sends what is held back. */
  flush(): void {
    if (this.#pieces === 0) return;
    const merged = this.#merged;
    this.#merged = "";
    this.#pieces = 0;
    this.#sink[this.#kind](merged);
  }

  #add(kind: keyof PieceSink, delta: string): void {
    if (delta === "") return;
    if (kind !== this.#kind) this.flush();
    this.#kind = kind;
    this.#merged += delta;
    this.#pieces++;
    this.#turn ??= setTimeout(() => {
      this.#turn = undefined;
      this.flush();
    }, 0);
    const now = this.#now();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#single = 0;
    }
    if (this.#single < MAX_SINGLE) {
      this.#single++;
      this.flush();
    } else if (this.#pieces === MAX_MERGED) {
      this.flush();
    }
  }

  /** Drops what is held back. */
  [Symbol.dispose](): void {
    clearTimeout(this.#turn);
    this.#pieces = 0;
  }
}

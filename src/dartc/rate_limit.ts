/** What one visitor may use (dartc.md, check 6). */
export interface RateLimits {
  /** Frames a second, over {@linkcode RateLimits.windowSeconds}. */
  framesPerSecond: number;
  windowSeconds: number;
  /** Chat requests whose runs are not over. */
  chatsAtOnce: number;
  /** UTF-8 bytes of user text in one chat request. */
  userTextBytes: number;
}

/** The budget of dartc.md. */
export const DEFAULT_RATE_LIMITS: Readonly<RateLimits> = {
  framesPerSecond: 50,
  windowSeconds: 10,
  chatsAtOnce: 4,
  userTextBytes: 64 * 1024,
};

/** Counts frames in a sliding window: never more than rate times window in any such time. */
export class FrameRate {
  readonly #windowMs: number;
  readonly #budget: number;
  readonly #times: number[] = []; // a ring of the times of the last #budget frames
  #next = 0;

  constructor(limits: Pick<RateLimits, "framesPerSecond" | "windowSeconds">) {
    this.#windowMs = limits.windowSeconds * 1000;
    this.#budget = Math.max(1, Math.trunc(limits.framesPerSecond * limits.windowSeconds));
  }

  /** Whether a frame at this time, in milliseconds, is within the budget; it is counted then. */
  admit(now: number): boolean {
    if (this.#budget === Infinity) return true;
    const oldest = this.#times[this.#next];
    if (oldest !== undefined && now - oldest < this.#windowMs) return false;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#budget;
    return true;
  }
}

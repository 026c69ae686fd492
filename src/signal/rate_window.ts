import { ADDRESSES_COUNTED } from "./limits.ts";

/**
 * Counts what each of many keys did within the last `windowMs`: exactly, not by the clock's minute,
 * so that nobody gets twice the limit around its turn.
 */
export class RateWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #times = new Map<string, number[]>();

  /** @param limit how often a key may act within the window; Infinity counts nothing */
  constructor(limit: number, windowMs: number, now: () => number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Whether a key may act now; if so, it has. */
  take(key: string): boolean {
    if (this.#limit === Infinity) return true;
    const since = this.#now() - this.#windowMs;
    const times = (this.#times.get(key) ?? []).filter((time) => time > since);
    const allowed = times.length < this.#limit;
    if (allowed) times.push(this.#now());
    this.#times.delete(key); // to the end: the map is in order of last use
    this.#times.set(key, times);
    if (this.#times.size > ADDRESSES_COUNTED) this.#forgetOldest();
    return allowed;
  }

  /** Seconds until a key that was refused may act again. */
  retryAfterS(key: string): number {
    const oldest = this.#times.get(key)?.[0] ?? this.#now();
    return Math.max(1, Math.ceil((oldest + this.#windowMs - this.#now()) / 1000));
  }

  #forgetOldest(): void {
    const { value } = this.#times.keys().next();
    if (value !== undefined) this.#times.delete(value);
  }
}

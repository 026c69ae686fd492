/** Options of {@linkcode backoffDelay}. */
export interface BackoffOptions {
  /**
   * The longest first wait, in milliseconds.
   * @default 500
   */
  baseMs?: number;
  /**
   * The longest wait of all, in milliseconds.
   * @default 60000
   */
  maxMs?: number;
  /**
   * A source of numbers from 0 up to 1.
   * @default Math.random
   */
  random?: () => number;
}

/**
 * How long to wait before attempt `attempt` (0 is the first retry), in milliseconds: doubling from
 * `baseMs` to `maxMs` with full jitter, so that thousands of Hosts which lost the same broker do
 * not all come back in the same second.
 *
 * @example
 * ```ts
 * import { backoffDelay } from "./backoff.ts";
 *
 * const waitMs = backoffDelay(3, { random: () => 0.5 });
 * if (waitMs !== 2000) throw new Error(`got ${waitMs}`);
 * ```
 */
export function backoffDelay(attempt: number, options: BackoffOptions = {}): number {
  const { baseMs = 500, maxMs = 60_000, random = Math.random } = options;
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(Math.max(0, attempt), 30));
  return Math.round(ceiling * random());
}

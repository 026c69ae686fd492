/** Options of {@linkcode until}. */
export interface UntilOptions {
  /**
   * How long to wait at most, in milliseconds.
   * @default 10_000
   */
  deadlineMs?: number;
}

/** Waits, a turn of the event loop at a time, for a condition; throws when it never holds. */
export async function until(
  what: string,
  holds: () => boolean,
  options: UntilOptions = {},
): Promise<void> {
  const end = performance.now() + (options.deadlineMs ?? 10_000);
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

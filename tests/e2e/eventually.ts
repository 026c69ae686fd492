/**
 * How long a condition may take, in milliseconds: a machine that runs everything at once is slow, and
 * only a failure ever waits for so long.
 */
export const PATIENCE_MS = 60_000;

/** Asks again and again until a condition holds; says what it was when it never does. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`it never came to: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How often something may be too slow. */
const TRIES = 5;

/**
 * Holds that something can be done in so many milliseconds: on a busy machine not each time, and
 * never where it waits. Returns what came of it.
 */
export async function within<T>(ms: number, act: () => Promise<T>): Promise<T> {
  const took: number[] = [];
  while (took.length < TRIES) {
    const from = performance.now();
    const result = await act();
    took.push(Math.round(performance.now() - from));
    if ((took.at(-1) ?? ms) < ms) return result;
  }
  throw new Error(`it took ${took.join(", ")} ms, and not less than ${ms}`);
}

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

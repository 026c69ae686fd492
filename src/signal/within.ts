/** Waits for something, but not for longer than `ms` milliseconds; says whether it came. */
export async function within(ms: number, something: Promise<unknown>): Promise<"done" | "late"> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), ms);
  try {
    return await Promise.race([something.then(() => "done" as const), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

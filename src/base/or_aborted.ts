/**
 * A promise, unless the signal is aborted first: then it rejects with the signal's reason, and
 * `onLate` gets the value that came too late.
 */
export function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  onLate: (value: T) => void = () => {},
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    promise.then((value) => {
      signal.removeEventListener("abort", onAbort);
      if (signal.aborted) onLate(value);
      else resolve(value);
    }, (error: unknown) => {
      signal.removeEventListener("abort", onAbort);
      reject(error);
    });
  });
}

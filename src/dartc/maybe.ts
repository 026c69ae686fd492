import type { MaybePromise } from "../base/mod.ts";

/** Whether a value is still to come. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** Goes on with a value, at once where it is there. What `next` throws is thrown, or rejects. */
export function andThen<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** What `attempt` gives, or what `recover` makes of what it threw, now or later. */
export function orElse<T>(
  attempt: () => MaybePromise<T>,
  recover: (error: unknown) => T,
): MaybePromise<T> {
  try {
    const value = attempt();
    return isPromise(value) ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}

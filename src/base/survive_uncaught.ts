/**
 * Keeps this process running when something fails that nobody waits for: thrown in a timer, say, or
 * the reason of a promise that was left alone. Disposing of the result ends it.
 *
 * @param tell is given what was thrown
 * @param on where a runtime tells of such things
 */
export function surviveUncaught(
  tell: (thrown: unknown) => void,
  on: EventTarget = globalThis,
): Disposable {
  function take(event: Event): void {
    event.preventDefault();
    if (event instanceof PromiseRejectionEvent) tell(event.reason);
    else if (event instanceof ErrorEvent) tell(event.error ?? event.message);
  }
  const names = ["error", "unhandledrejection"];
  for (const name of names) on.addEventListener(name, take);
  return {
    [Symbol.dispose]() {
      for (const name of names) on.removeEventListener(name, take);
    },
  };
}

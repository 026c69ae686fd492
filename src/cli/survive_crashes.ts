import { errorMessage, type Logger } from "../base/mod.ts";

/**
 * Keeps the process going when something fails that nobody waits for: the code of one pod's tools
 * may throw in a timer, or leave a promise alone, and the other pods are served on (host.md, "Life
 * of a pod"). What it was is said in the log. Disposing of the result ends it.
 */
export function surviveCrashes(log: Logger): Disposable {
  const say = (thrown: unknown) => {
    const reason = errorMessage(thrown);
    log.error("crash", { reason }, `something failed that nobody waited for: ${reason}`);
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    say(event.error ?? event.message);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    say(event.reason);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return {
    [Symbol.dispose]: () => {
      removeEventListener("error", onError);
      removeEventListener("unhandledrejection", onRejection);
    },
  };
}

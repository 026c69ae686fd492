import { errorMessage, type Logger } from "../base/mod.ts";
import { surviveUncaught } from "../base/native.ts";

/**
 * Keeps the process going when something fails that nobody waits for: the code of one pod's tools
 * may throw in a timer, or leave a promise alone, and the other pods are served on (host.md, "Life
 * of a pod"). What it was is said in the log. Disposing of the result ends it.
 */
export function surviveCrashes(log: Logger): Disposable {
  return surviveUncaught((thrown) => {
    const reason = errorMessage(thrown);
    log.error("crash", { reason }, `something failed that nobody waited for: ${reason}`);
  });
}

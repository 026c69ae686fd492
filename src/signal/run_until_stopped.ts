import { errorMessage, type Logger } from "../base/mod.ts";
import type { Broker } from "./broker.ts";
import { DEADLINE_MS } from "./limits.ts";

/** What people and supervisors stop a program with. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Ends this process when it is told to: the first signal stops the broker as well as can be within
 * 10 s, a second one ends it at once.
 */
export function runUntilStopped(broker: Broker, log: Logger): void {
  async function stop(): Promise<void> {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop); // a second one quits
    // Whatever hangs, a supervisor does not wait for it.
    setTimeout(() => {
      log.error("stop_forced", {}, "the broker did not stop in time, and is ended");
      Deno.exit(1);
    }, DEADLINE_MS);
    try {
      await broker.stop();
      Deno.exit(0);
    } catch (error) {
      log.error("stop_failed", { error: errorMessage(error) });
      Deno.exit(1);
    }
  }
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
}

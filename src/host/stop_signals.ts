/** The signals by which a person or a supervisor asks a program to stop. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** What a shell says of a program that Ctrl-C, or the like, ended (128 + SIGINT). */
export const INTERRUPTED = 130;

/**
 * Calls `stop` at the first Ctrl-C, or the like; a second one quits at once. Disposing of the result
 * ends the listening.
 */
export function onStopSignal(stop: () => void): Disposable {
  let asked = false;
  const listener = () => {
    if (asked) Deno.exit(INTERRUPTED);
    asked = true;
    stop();
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) Deno.removeSignalListener(signal, listener);
    },
  };
}

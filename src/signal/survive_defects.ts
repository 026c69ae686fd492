import type { Logger } from "../base/mod.ts";
import { surviveUncaught } from "../base/native.ts";

/** The most of a stack that is logged. */
const FRAMES = 6;

/**
 * Keeps this process running when something was thrown that nobody expected: it was about one
 * client, and thousands of others would lose their line with it. It is logged as an error,
 * `unexpected`, with where it was thrown and not what it said: that may be a client's text.
 *
 * @param on where such errors are told
 */
export function surviveDefects(log: Logger, on: EventTarget = globalThis): void {
  surviveUncaught((thrown) => tell(log, thrown), on);
}

function tell(log: Logger, thrown: unknown): void {
  if (!(thrown instanceof Error)) return log.error("unexpected", { error: typeof thrown });
  const { name, message, stack = "" } = thrown;
  const frames = stack.slice(stack.indexOf(message) + message.length).split("\n")
    .filter((line) => /^\s+at /.test(line));
  log.error("unexpected", {
    error: name,
    where: frames.slice(0, FRAMES).map((line) => line.trim()).join(" "),
  });
}

import { fstatSync } from "node:fs";
import { join } from "node:path";
import { errorMessage, type Logger } from "../base/mod.ts";
import { hostPaths } from "../host/native.ts";

/** From this size the log begins anew, with the old one beside it, so that two are the most. */
export const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** How often a log that is being written is looked at, in milliseconds. */
const LOOK_EVERY_MS = 60_000;

/** Where a process writes what it has to say. */
const STDERR = 2;

/** Where a Host in the background writes what it has to say (host.md, "Files"). */
export function hostLogPath(): string {
  return join(hostPaths().home, "logs", "host.log");
}

/** Options of {@linkcode boundLog}. */
export interface BoundLogOptions {
  /** The log's file. */
  readonly path: string;
  readonly log: Logger;
  /** What writes the log. @default stderr of this process */
  readonly writer?: number;
  /** @default MAX_LOG_BYTES */
  readonly maxBytes?: number;
}

/**
 * Keeps the log of a Host in the background from growing for ever, while the Host itself writes it;
 * does nothing where its output goes elsewhere. Disposing of the result ends it.
 */
export function boundLog(options: BoundLogOptions): Disposable {
  const look = () => beginAnew(options);
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/**
 * Copies the log and empties it: whoever writes has it open, and goes on at its new end because it
 * was opened for appending. All at once, so that no line of this process comes between.
 */
function beginAnew({ path, log, writer = STDERR, maxBytes = MAX_LOG_BYTES }: BoundLogOptions) {
  try {
    const written = fstatSync(writer);
    if (written.size <= maxBytes) return;
    const file = Deno.statSync(path);
    if (file.ino !== written.ino || file.dev !== written.dev) return;
    Deno.copyFileSync(path, `${path}.old`);
    Deno.truncateSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return; // it goes elsewhere
    log.warn("log_not_bounded", { reason: errorMessage(error) });
  }
}

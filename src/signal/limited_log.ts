import type { Logger } from "../base/mod.ts";

/** Options of {@linkcode limitedLog}. */
export interface LimitedLogOptions {
  /** Whether lines keep their `address`. */
  readonly addresses: "logged" | "left_out";
  /** Told of every line that is left out. */
  onDropped?(): void;
  /**
   * A clock in milliseconds that never goes back.
   * @default performance.now
   */
  now?: () => number;
}

/** A log that clients cannot flood. */
export interface LimitedLog extends Logger {
  /**
   * Says how many lines were left out, of kinds whose minute is over, for every few seconds; or of
   * `all`, for the end.
   */
  flush(which?: "over" | "all"): void;
}

/**
 * Lines of one event in a minute. Each line of a broker is of something that a client did, and a
 * client can do it a thousand times a second: sixty say what goes on, and the metrics how often.
 */
export const LINES_PER_MINUTE = 60;

/** The longest text in a field. A pod id has at most 128 characters, an error's sentence 200. */
const FIELD_CHARS = 512;

const MINUTE_MS = 60_000;

type Line = Logger["info"];

/**
 * The log of a broker: without the addresses of clients unless asked for them, with a bounded number
 * of lines of each event, and with what was left out counted in a line `log_dropped`.
 *
 * @example
 * ```ts
 * import { createLogger } from "../base/mod.ts";
 * import { limitedLog } from "./limited_log.ts";
 *
 * const lines: string[] = [];
 * const log = createLogger({ name: "signal", write: (line) => lines.push(line) });
 * limitedLog(log, { addresses: "left_out" }).info("origin_left", { pod: "a", address: "::1" });
 * if (lines[0] !== "[signal] origin_left  pod=a") throw new Error(lines[0]);
 * ```
 */
export function limitedLog(log: Logger, options: LimitedLogOptions): LimitedLog {
  const { addresses, onDropped, now = () => performance.now() } = options;
  const windows = new Map<string, Window>(); // by event, of which we have a dozen

  function limited(write: Line): Line {
    return (event, fields = {}, text) => {
      const window = windowOf(event);
      if (++window.lines > LINES_PER_MINUTE) return onDropped?.();
      const { address, ...others } = fields;
      const kept = addresses === "logged" && address !== undefined
        ? { ...others, address }
        : others;
      for (const [key, value] of Object.entries(kept)) {
        if (typeof value === "string" && value.length > FIELD_CHARS) {
          Object.assign(kept, { [key]: `${value.slice(0, FIELD_CHARS)}…` });
        }
      }
      write(event, kept, text);
    };
  }

  function windowOf(event: string): Window {
    const window = windows.get(event);
    if (window !== undefined && now() - window.began < MINUTE_MS) return window;
    if (window !== undefined) tell(event, window);
    const fresh = { began: now(), lines: 0 };
    windows.set(event, fresh);
    return fresh;
  }

  function tell(event: string, { lines }: Window): void {
    if (lines > LINES_PER_MINUTE) {
      log.warn("log_dropped", { of: event, lines: lines - LINES_PER_MINUTE });
    }
  }

  return {
    debug: limited((event, fields, text) => log.debug(event, fields, text)),
    info: limited((event, fields, text) => log.info(event, fields, text)),
    warn: limited((event, fields, text) => log.warn(event, fields, text)),
    error: limited((event, fields, text) => log.error(event, fields, text)),
    named: (name) => limitedLog(log.named(name), options),
    flush(which = "over") {
      for (const [event, window] of windows) {
        if (which === "over" && now() - window.began < MINUTE_MS) continue;
        tell(event, window);
        windows.delete(event);
      }
    },
  };
}

/** One minute of one event. */
interface Window {
  readonly began: number;
  lines: number;
}

/** How loud a line is. A logger prints its own level and everything after it. */
export type LogLevel = "debug" | "info" | "warn" | "error";

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** What a line may carry beside its event: flat, and never a secret, an SDP or a message's text. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes one line an event. */
export interface Logger {
  debug(event: string, fields?: LogFields, text?: string): void;
  /**
   * @param event what happened, as other programs look for it
   * @param fields what belongs to it
   * @param text the whole line for people, where it is promised to the letter; default
   *   `event  key=value key=value`. As JSON it is the member `message`
   */
  info(event: string, fields?: LogFields, text?: string): void;
  warn(event: string, fields?: LogFields, text?: string): void;
  error(event: string, fields?: LogFields, text?: string): void;
  /** A logger of the same settings whose lines begin with another `[name]`. */
  named(name: string): Logger;
}

/** Options of {@linkcode createLogger}. */
export interface LoggerOptions {
  /** Who speaks: `[name]` before each line. */
  name: string;
  /** @default "text" */
  format?: "text" | "json";
  /** @default "info" */
  level?: LogLevel;
  /**
   * Takes one finished line without its newline.
   * @default console.error
   */
  write?: (line: string) => void;
  /** @default Date.now */
  now?: () => number;
}

/**
 * A structured logger: `text` for a terminal, `json` (one object a line) for a log collector.
 *
 * Line breaks and control characters inside a field are escaped, so that nothing a stranger sends
 * can forge a line.
 *
 * @example
 * ```ts
 * import { createLogger } from "./log.ts";
 *
 * const lines: string[] = [];
 * const log = createLogger({ name: "host", write: (line) => lines.push(line) });
 * log.info("peer_joined", { visitor: "3f" });
 * if (lines[0] !== "[host] peer_joined  visitor=3f") throw new Error(lines[0]);
 * ```
 */
export function createLogger(options: LoggerOptions): Logger {
  const { name, format = "text", level = "info", now = Date.now } = options;
  const write = options.write ?? ((line: string) => console.error(line));
  const lowest = ORDER.indexOf(level);

  function line(lineLevel: LogLevel) {
    return (event: string, fields: LogFields = {}, text?: string): void => {
      if (ORDER.indexOf(lineLevel) < lowest) return;
      const head = { time: new Date(now()).toISOString(), level: lineLevel, name, event };
      write(
        format === "json"
          ? printable(
            JSON.stringify({ ...head, ...(text !== undefined && { message: text }), ...fields }),
          )
          : `[${name}] ${printable(text ?? textOf(event, fields))}`,
      );
    };
  }

  return {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    named: (other) => createLogger({ ...options, name: other }),
  };
}

function textOf(event: string, fields: LogFields): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return event;
  return `${event}  ${pairs.map(([key, value]) => `${key}=${quoted(value)}`).join(" ")}`;
}

function quoted(value: string | number | boolean | null | undefined): string {
  return typeof value === "string" && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value);
}

/** Without what ends a line, moves the cursor or turns the direction; written as JSON may have it. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are exactly what must not get through
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

import { InvalidArgumentError, Option } from "../base/native.ts";

/** `--port`: a port, 0 for any. */
export function portOption(): Option {
  return new Option("--port <number>", "port of the API on loopback, 0 for any")
    .argParser((text) => wholeNumber(text, 0, 65_535));
}

/** `--parallel`: how many answers at once. */
export function parallelOption(): Option {
  return new Option("--parallel <number>", "answers at once (default: 1 for Ollama, 8 else)")
    .argParser((text) => wholeNumber(text, 1, 10_000));
}

/** `--log-format` */
export function logFormatOption(): Option {
  return new Option("--log-format <format>", "how log lines are written")
    .choices(["text", "json"]).default("text");
}

/** `--log-level` */
export function logLevelOption(): Option {
  return new Option("--log-level <level>", "the least that is logged")
    .choices(["debug", "info", "warn", "error"]).default("info");
}

function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
}

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

/** `--max-peers`: how many visitors at once. */
export function maxPeersOption(): Option {
  return new Option("--max-peers <number>", "visitors at once (default: 256)")
    .argParser((text) => wholeNumber(text, 1, 100_000));
}

/** `--retention`: how long conversations are kept. */
export function retentionOption(): Option {
  return new Option("--retention <days>", "forget conversations that rested for so many days")
    .argParser((text) => wholeNumber(text, 1, 36_500));
}

/** `--lines`: how many of the newest lines. */
export function linesOption(): Option {
  return new Option("-n, --lines <number>", "how many of the newest lines to begin with")
    .argParser((text) => wholeNumber(text, 0, 1_000_000)).default(100);
}

/** `--provider`: a model endpoint, or none at all. */
export function providerOption(): Option {
  return new Option("--provider <kind>", "demo: built-in scripted answers, with nothing installed")
    .choices(["endpoint", "demo"]).default("endpoint");
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

import { resolve } from "node:path";
import { errorMessage, httpAddress } from "../base/mod.ts";
import { InvalidArgumentError, Option, WrongUse } from "../base/native.ts";

/**
 * `--provider-url`: where a model answers. One with a password is for the environment alone: everybody
 * on the machine can read the arguments of a process.
 */
export function providerUrlOption(help: string): Option {
  return new Option("--provider-url <url>", help).argParser((text) => {
    let url;
    try {
      url = httpAddress(text);
    } catch (cause) {
      throw new WrongUse(
        `--provider-url: ${errorMessage(cause)}; expected one as http://localhost:11434`,
        { cause },
      );
    }
    if (url.username + url.password === "") return text;
    throw new WrongUse(
      "--provider-url: a password is in it, which others could read; " +
        "put a key into GEMMAPOD_API_KEY, or the whole address into GEMMAPOD_PROVIDER_URL",
    );
  });
}

/** `--ui-dir`, absolute: a service is started elsewhere. */
export function uiDirOption(): Option {
  return new Option("--ui-dir <folder>", "serve the dashboard of this folder")
    .argParser((text) => {
      if (text.trim() !== "") return resolve(text);
      throw new InvalidArgumentError("Expected a folder.");
    });
}

/** `--ice-servers`; what it says is looked at where it is used, with what WebRTC needs. */
export function iceServersOption(): Option {
  return new Option(
    "--ice-servers <json>",
    "a JSON array of RTCIceServer (default: two public STUN servers)",
  );
}

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
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
}

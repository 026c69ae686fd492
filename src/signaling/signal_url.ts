import { CodedError } from "../base/mod.ts";

/** The WebSocket scheme of each scheme that a `signal_url` may have (manifest.md). */
const SCHEMES: Readonly<Record<string, string>> = {
  "http:": "ws:",
  "https:": "wss:",
  "ws:": "ws:",
  "wss:": "wss:",
};

/**
 * The WebSocket address of a broker, from a `signal_url` as people write it: `http` and `https`
 * stand for `ws` and `wss`, and an address without a path means `/signal`.
 *
 * Throws {@linkcode CodedError} `bad_signal_url` for anything else.
 *
 * @example
 * ```ts
 * import { signalUrl } from "./signal_url.ts";
 *
 * const url = signalUrl("https://signal.gemmapod.com/signal");
 * if (url !== "wss://signal.gemmapod.com/signal") throw new Error(url);
 * ```
 */
export function signalUrl(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new CodedError("bad_signal_url", "Cannot read the broker's address: not a URL", {
      cause,
    });
  }
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) {
    throw new CodedError(
      "bad_signal_url",
      `Cannot use the broker's address: it begins ${url.protocol}, expected wss: or https:`,
    );
  }
  if (url.pathname === "/") url.pathname = "/signal";
  url.hash = ""; // the WebSocket constructor of some platforms refuses a fragment
  return scheme + url.href.slice(url.protocol.length);
}

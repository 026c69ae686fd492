import { CodedError, errorMessage, httpAddress } from "../base/mod.ts";

/** The path of a broker's WebSocket (signaling.md). */
const SIGNAL_PATH = "/signal";

/**
 * The address of a broker over HTTP, without a slash at its end, from any address that people have
 * of it: its own, or that of its WebSocket.
 *
 * Throws {@linkcode CodedError} `bad_broker`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { brokerUrlOf, signalUrlOf } from "./broker_url.ts";
 *
 * assert.equal(brokerUrlOf("wss://pods.example/signal"), "https://pods.example");
 * assert.equal(signalUrlOf("https://pods.example/"), "wss://pods.example/signal");
 * ```
 */
export function brokerUrlOf(address: string): string {
  const url = parsed(address);
  url.protocol = isSecure(url) ? "https:" : "http:";
  return `${url.origin}${basePathOf(url)}`;
}

/** The address of a broker's WebSocket, for `signal_url`. Throws as {@linkcode brokerUrlOf} does. */
export function signalUrlOf(address: string): string {
  const url = parsed(address);
  const path = `${basePathOf(url)}${SIGNAL_PATH}`;
  return `${isSecure(url) ? "wss" : "ws"}://${url.host}${path}`;
}

function parsed(address: string): URL {
  let why = "";
  if (/^(?:https?|wss?):/i.test(address)) {
    try {
      const url = httpAddress(address.replace(/^ws/i, "http"));
      if (url.username + url.password === "") return url;
      why = "a name or password in it is not for a broker, ";
    } catch (error) {
      why = `${errorMessage(error)}, `;
    }
  }
  const shown = address.includes("@") ? "" : ` ${JSON.stringify(address)}`; // no password is shown
  throw new CodedError(
    "bad_broker",
    `Cannot use the broker${shown}: ${why}expected an address as https://pods.example`,
  );
}

function isSecure({ protocol }: URL): boolean {
  return protocol === "https:";
}

function basePathOf({ pathname }: URL): string {
  const path = pathname.replace(/\/+$/, "");
  return path.endsWith(SIGNAL_PATH) ? path.slice(0, -SIGNAL_PATH.length) : path;
}

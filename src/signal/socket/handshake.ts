import { createHash } from "node:crypto";
import type { HeaderFields } from "../http/header_fields.ts";

/** Joined to a client's key before it is hashed (RFC 6455 1.3). */
const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The only version there is (RFC 6455 4.1). */
const VERSION = "13";

/** What a request to become a WebSocket is judged by. */
export interface HandshakeRequest {
  readonly method: string;
  readonly headers: HeaderFields;
}

/** What becomes of it: headers for the 101, or why not. */
export type Handshake =
  | { readonly accepted: true; readonly headers: Readonly<Record<string, string>> }
  | {
    readonly accepted: false;
    readonly status: 400 | 426;
    readonly message: string;
    readonly headers: Readonly<Record<string, string>>;
  };

/**
 * Answers a request to become a WebSocket (RFC 6455 4.2). No subprotocol is chosen and no extension
 * agreed upon: messages are small, and compression costs each socket its own state.
 *
 * @example
 * ```ts
 * import { handshake } from "./handshake.ts";
 *
 * const headers = new Headers({
 *   upgrade: "websocket",
 *   connection: "keep-alive, Upgrade",
 *   "sec-websocket-version": "13",
 *   "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", // RFC 6455 1.3
 * });
 * const answer = handshake({ method: "GET", headers });
 * if (answer.headers["sec-websocket-accept"] !== "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") throw new Error();
 * ```
 */
export function handshake({ method, headers }: HandshakeRequest): Handshake {
  const key = headers.get("sec-websocket-key") ?? "";
  if (
    method !== "GET" || !names(headers, "upgrade", "websocket") ||
    !names(headers, "connection", "upgrade") || !/^[A-Za-z0-9+/]{22}==$/.test(key)
  ) return refusal(400, "This is no request for a WebSocket (RFC 6455 4.2.1)");
  if (headers.get("sec-websocket-version") !== VERSION) {
    return refusal(426, "Only version 13 of WebSocket is spoken here", {
      "sec-websocket-version": VERSION,
    });
  }
  return {
    accepted: true,
    headers: {
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-accept": createHash("sha1").update(key + KEY_SUFFIX).digest("base64"),
    },
  };
}

function refusal(
  status: 400 | 426,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Handshake {
  return { accepted: false, status, message, headers };
}

/** Whether a header that is a list has a word in it. */
function names(headers: HeaderFields, header: string, word: string): boolean {
  return (headers.get(header) ?? "").toLowerCase().split(",").some((one) => one.trim() === word);
}

import type { IncomingMessage } from "node:http";
import { releasePiece } from "./release_piece.ts";

/**
 * How long the rest of a request is read that is answered already, in milliseconds, and how much of
 * it: enough for an answer to arrive, and for what a proxy on this machine holds ready.
 */
const REST_WITHIN_MS = 2_000;
const REST_BYTES = 64 * 1024 * 1024;

/** Whether a request brings a body that is not read to its end. */
export function isUnread(incoming: IncomingMessage): boolean {
  const { headers, complete, readableEnded } = incoming;
  const hasBody = headers["transfer-encoding"] !== undefined ||
    Number(headers["content-length"] ?? 0) > 0;
  return hasBody && !complete && !readableEnded;
}

/**
 * Reads, and throws away, what is left of a request that was refused before it was read. A connection
 * that is closed with bytes unread is reset, and who was still sending, as nginx does a page that is
 * too large, sees that instead of the answer (RFC 9112, 9.6).
 *
 * Settles when it is read, or enough is, or the client has gone. Never rejects.
 */
export async function readRest(incoming: IncomingMessage): Promise<void> {
  if (!isUnread(incoming) || incoming.destroyed) return;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, REST_WITHIN_MS);
  let bytes = 0;
  const count = (chunk: Uint8Array) => {
    bytes += chunk.length;
    releasePiece(chunk);
    if (bytes > REST_BYTES) resolve();
  };
  incoming.removeAllListeners("data"); // of the body that nobody reads any more: it would be held
  incoming.on("data", count).on("end", resolve).on("close", resolve).on("error", resolve);
  incoming.resume();
  await enough;
  clearTimeout(timer);
  incoming.off("data", count);
  incoming.pause();
}

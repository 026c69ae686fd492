import type { ServerResponse } from "node:http";
import { answerAsDeno26 } from "./deno_2_6_answer.ts";
import { isUnread, readRest } from "./read_rest.ts";
import { releasePiece } from "./release_piece.ts";

/**
 * Sends a standard response through `node:http`: its body a chunk at a time, only as fast as the
 * client reads. A body that fails ends the connection, so that nobody takes a part for the whole;
 * a client that leaves cancels the body. An answer that comes before its request was read is the
 * last on its connection: what is still on its way would be taken for the next request.
 *
 * Settles when all is on its way, or the client has gone. Never rejects.
 */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
): Promise<void> {
  const { status, headers, body } = response;
  const bodiless = outgoing.req.method === "HEAD" || status === 204 || status === 304;
  const unread = isUnread(outgoing.req);
  if (!bodiless && !unread && answerAsDeno26(response, outgoing)) return;
  const reader = bodiless ? undefined : body?.getReader();
  const fields = { ...flat(headers), ...(unread && { connection: "close" }) };
  try {
    if (reader === undefined) {
      outgoing.writeHead(status, fields);
      await body?.cancel();
      if (unread) {
        outgoing.flushHeaders();
        await readRest(outgoing.req);
      }
      outgoing.end();
      return;
    }
    const gone = new Promise<void>((resolve) => outgoing.once("close", resolve));
    let { value } = await reader.read();
    let next = await reader.read();
    // A body that is there whole is sent with its length, as a `Response` of a text has none.
    const length = next.done && !headers.has("content-length")
      ? { "content-length": String(value?.length ?? 0) }
      : {};
    outgoing.writeHead(status, { ...fields, ...length });
    while (value !== undefined && !outgoing.destroyed) {
      if (!outgoing.write(value)) {
        await Promise.race([gone, new Promise((resolve) => outgoing.once("drain", resolve))]);
        if (!outgoing.destroyed) releasePiece(value); // a drained response waits for nothing
      }
      value = next.value;
      if (!next.done) next = await reader.read();
    }
    if (outgoing.destroyed) return await reader.cancel();
    if (unread) await readRest(outgoing.req);
    outgoing.end();
  } catch {
    outgoing.destroy();
    await reader?.cancel().catch(() => {}); // it may be what failed
  }
}

function flat(headers: Headers): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = Object.fromEntries(headers);
  const cookies = headers.getSetCookie();
  return cookies.length > 1 ? { ...all, "set-cookie": cookies } : all;
}

import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";

/** The names of this machine that a `Host` or `Origin` header may have. */
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The header that carries the token (host.md, "Loopback HTTP API"). */
export const TOKEN_HEADER = "X-Gemmapod-Token";

/**
 * Lets only requests through that name this machine: a page whose own name was pointed at
 * 127.0.0.1 (DNS rebinding) still says its own name in `Host`, and a page from elsewhere in
 * `Origin`.
 */
export function onlyLoopback(): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host");
    const origin = context.req.header("origin");
    const ours = host !== undefined && isLoopback(`http://${host}`) &&
      (origin === undefined || isLoopback(origin)) &&
      context.req.header("sec-fetch-site") !== "cross-site";
    return ours ? await next() : context.json({ error: "only this machine may ask" }, 403);
  };
}

/** Lets only requests through that carry the token. */
export function onlyWithToken(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async (context, next) => {
    const given = context.req.header(TOKEN_HEADER);
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      return context.json({ error: `the ${TOKEN_HEADER} header is missing or wrong` }, 401);
    }
    return await next();
  };
}

/** Hashed, so that both sides of the comparison have one length. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isLoopback(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === "http:" && LOOPBACK_NAMES.has(url.hostname);
}

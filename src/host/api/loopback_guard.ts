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
 * `Origin`. A link that leads to the dashboard may stand anywhere.
 */
export function onlyLoopback(): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host");
    const origin = context.req.header("origin");
    const ours = host !== undefined && isLoopback(`http://${host}`) &&
      (origin === undefined || isLoopback(origin)) &&
      (context.req.header("sec-fetch-site") !== "cross-site" || isVisit(context.req));
    return ours ? await next() : context.json({ error: "Only this machine may ask" }, 403);
  };
}

/** Somebody follows a link to the page itself; who made the link sees nothing of it. */
function isVisit(
  request: { path: string; method: string; header(name: string): string | undefined },
) {
  return request.path === "/" && request.method === "GET" &&
    request.header("sec-fetch-mode") === "navigate" &&
    request.header("sec-fetch-dest") === "document";
}

/** Lets only requests through that carry the token. */
export function onlyWithToken(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async (context, next) => {
    const given = context.req.header(TOKEN_HEADER);
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      return context.json({ error: `The ${TOKEN_HEADER} header is missing or wrong` }, 401);
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

import type { TrustedProxies } from "./trusted_proxies.ts";

/** A host with an optional port, as a URL has it; and nothing that could end the host early. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * The address that a request was made to, as its client sees it: behind a trusted proxy with the
 * scheme and the host that the client used (`X-Forwarded-Proto`, `X-Forwarded-Host`), of which the
 * right-most is the one that the nearest proxy answers for. Values that are no scheme or no host are
 * ignored.
 *
 * @param peer the address at the other end of the TCP connection
 *
 * @example
 * ```ts
 * import { publicUrl } from "./public_url.ts";
 * import { trustedProxies } from "./trusted_proxies.ts";
 *
 * const request = new Request("http://127.0.0.1:8080/pods", {
 *   headers: { "x-forwarded-proto": "https", "x-forwarded-host": "pods.example" },
 * });
 * const url = publicUrl(request, "127.0.0.1", trustedProxies(["loopback"]));
 * if (url.href !== "https://pods.example/pods") throw new Error(url.href);
 * ```
 */
export function publicUrl(
  request: Request,
  peer: string,
  trusted: TrustedProxies | undefined,
): URL {
  const url = new URL(request.url);
  if (trusted === undefined || !trusted.has(peer)) return url;
  const scheme = nearest(request.headers.get("x-forwarded-proto"))?.toLowerCase();
  const host = nearest(request.headers.get("x-forwarded-host"));
  const isScheme = scheme === "http" || scheme === "https";
  const origin = `${isScheme ? `${scheme}:` : url.protocol}//${
    host !== undefined && HOST.test(host) ? host : url.host
  }`;
  return URL.parse(`${origin}${url.pathname}${url.search}`) ?? url;
}

function nearest(header: string | null): string | undefined {
  return header?.split(",").at(-1)?.trim();
}

import { isIP } from "node:net";
import type { HeaderFields } from "../http/header_fields.ts";
import type { TrustedProxies } from "./trusted_proxies.ts";

/** Proxies in a row that are followed; whoever sends more of them is not one of ours. */
const MAX_HOPS = 32;

/**
 * Whose request this is: the peer of the connection, or, where that is a trusted proxy, the
 * right-most address of `X-Forwarded-For` that is not one. Each proxy adds whom it got the request
 * from at the right end, so what stands left of the first stranger is that stranger's own tale.
 *
 * Only `X-Forwarded-For` is read, which every proxy sets, and not `Forwarded` (RFC 7239) as well: of
 * two headers a proxy would replace one and pass the visitor's other on.
 *
 * @param peer the address at the other end of the TCP connection
 * @param trusted undefined where nobody's headers count
 *
 * @example
 * ```ts
 * import { clientAddress } from "./client_address.ts";
 * import { trustedProxies } from "./trusted_proxies.ts";
 *
 * const headers = new Headers({ "x-forwarded-for": "6.6.6.6, 192.0.2.1, 10.0.0.2" });
 * const address = clientAddress("127.0.0.1", headers, trustedProxies(["loopback", "private"]));
 * if (address !== "192.0.2.1") throw new Error(address);
 * ```
 */
export function clientAddress(
  peer: string,
  headers: HeaderFields,
  trusted: TrustedProxies | undefined,
): string {
  if (trusted === undefined || !trusted.has(peer)) return peer;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").slice(-MAX_HOPS).reverse();
  let client = peer;
  for (const hop of hops) {
    const address = addressOf(hop.trim());
    if (address === undefined) return client; // "unknown", or nonsense: its sender is all we know
    client = address;
    if (!trusted.has(address)) return client;
  }
  return client;
}

/** An address as proxies write it: bare, with a port, in brackets, quoted. */
function addressOf(hop: string): string | undefined {
  const text = hop.replace(/^"(.*)"$/, "$1");
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ??
    /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 || bare.includes("%") ? undefined : bare;
}

import type { Logger } from "../../base/mod.ts";
import { addressKey } from "../address_key.ts";
import type { HeaderFields } from "../http/header_fields.ts";
import { clientAddress } from "./client_address.ts";
import { publicUrl } from "./public_url.ts";
import { trustedProxies, USUAL_PROXIES } from "./trusted_proxies.ts";

/** Who asks, and for what, as seen from before all proxies that are trusted. */
export interface Client {
  /** What limits count the client by. */
  readonly address: string;
  /** The address that the client asked for. */
  readonly url: URL;
}

/** Reads the client of a request; `peer` is the other end of its TCP connection. */
export interface ReadClient {
  (request: Request, peer: string): Client;
  /** Only what limits count it by: a WebSocket needs no address of a page. */
  address(headers: HeaderFields, peer: string): string;
}

/**
 * Reads who asks, behind the proxies that are trusted. Where none is, and yet requests come through
 * one, it says so once: all visitors would share one visitor's limits.
 *
 * Throws `CodedError` `bad_proxy` for a list that is none.
 */
export function clientReader(trustProxy: readonly string[], log: Logger): ReadClient {
  const trusted = trustedProxies(trustProxy);
  const near = trusted === undefined ? trustedProxies(USUAL_PROXIES) : undefined;
  let warned = false;

  function address(headers: HeaderFields, peer: string): string {
    if (!warned && near?.has(peer) && headers.get("x-forwarded-for") !== null) {
      warned = true;
      log.warn(
        "proxy_not_trusted",
        {},
        "requests come through a proxy that is not trusted, and all count as one visitor's: " +
          "start with --trust-proxy",
      );
    }
    return addressKey(clientAddress(peer, headers, trusted));
  }

  return Object.assign((request: Request, peer: string): Client => ({
    address: address(request.headers, peer),
    url: publicUrl(request, peer, trusted),
  }), { address });
}

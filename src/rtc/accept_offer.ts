import type { NativePeer, PeerOptions } from "./native_peer.ts";
import { RtcPeer } from "./rtc_peer.ts";

/** What {@linkcode acceptOffer} needs. */
export interface AcceptOptions extends PeerOptions {
  /** The visitor's offer. */
  sdp: string;
}

/**
 * A Host's side of a connection: answers an offer, as the DTLS server, and waits for the visitor's
 * channel `dartc.v0`; channels of other names are closed.
 *
 * Throws `CodedError` `bad_ice_servers`. All else that may go wrong, an offer that cannot be read
 * included, rejects `localSdp` and `channel`.
 */
export function acceptOffer(options: AcceptOptions): NativePeer {
  const peer = new RtcPeer("host", options);
  peer.setRemote(options.sdp);
  return peer;
}

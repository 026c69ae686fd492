import type { NativePeer, PeerOptions } from "./native_peer.ts";
import { RtcPeer } from "./rtc_peer.ts";

/**
 * A visitor's side of a connection: opens the channel `dartc.v0`, whose offer is `localSdp`.
 *
 * Throws `CodedError` `bad_ice_servers`.
 */
export function makeOffer(options: PeerOptions): NativePeer {
  return new RtcPeer("visitor", options);
}

/**
 * `rtc`: WebRTC in a native process, as channels that DARTC sessions run on, with
 * node-datachannel's raw API. The rules that it follows were measured (spec: pitfalls.md).
 *
 * - {@linkcode acceptOffer} is the Host's side, {@linkcode makeOffer} the visitor's.
 * - {@linkcode dial} is a whole native visitor, from a broker's address to an open channel.
 *
 * The addon is loaded at the first use, or by {@linkcode preloadRtc}.
 *
 * @module
 */
export { acceptOffer, type AcceptOptions } from "./accept_offer.ts";
export { preloadRtc } from "./addon.ts";
export { dial, type Dialled, type DialOptions } from "./dial.ts";
export { DEFAULT_ICE_SERVERS, type IceServer, parseIceServers } from "./ice_servers.ts";
export { makeOffer } from "./make_offer.ts";
export { type NativePeer, type PeerOptions, type PeerState } from "./native_peer.ts";

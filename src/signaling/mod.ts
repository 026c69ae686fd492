/**
 * `signaling`: how a visitor and a Host find each other. The broker's messages, read and bounded;
 * and both clients over a WebSocket that they are given (spec: signaling.md).
 *
 * Runs in Deno, Node and browsers. A page that imports {@linkcode offerOver} alone carries no
 * schema library: only `parseClientMessage`, which a broker calls, is written with one.
 *
 * @module
 */
export { parseBrokerMessage } from "./broker_message.ts";
export { type MessageSizes, parseClientMessage } from "./client_message.ts";
export { CLOSE_CODE } from "./close_code.ts";
export { type HostLine, type HostOptions, hostOver, type IncomingOffer } from "./host_client.ts";
export {
  CANDIDATE_CHARS,
  CANDIDATE_FIELD_CHARS,
  CANDIDATES_PER_SESSION,
  ERROR_CHARS,
  MESSAGE_BYTES,
  PING_AFTER_MS,
  POD_ID_CHARS,
  SDP_BYTES,
  SESSION_ID_CHARS,
  SILENT_AFTER_MS,
} from "./limits.ts";
export { MessageError } from "./message_error.ts";
export {
  type BrokerMessage,
  type CandidateInit,
  type ClientMessage,
  isLastCandidate,
  ORIGIN_OFFLINE,
} from "./messages.ts";
export { signalUrl } from "./signal_url.ts";
export { Silence, type SilenceAction } from "./silence.ts";
export { type SocketEvents, type SocketLike } from "./socket_like.ts";
export { type OfferOptions, offerOver, type VisitorRendezvous } from "./visitor_client.ts";

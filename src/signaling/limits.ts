/**
 * What a message may measure, the same for a client and a broker (spec: signaling.md "Limits").
 */

/** Bytes of one message: an SDP of the largest size, escaped as JSON, with its names. */
export const MESSAGE_BYTES = 128 * 1024;

/** Bytes of one SDP. A browser's offer for a data channel has 500 to 5,000. */
export const SDP_BYTES = 64 * 1024;

/** Characters of a pod id. Ours are slugs of a few words; other implementations use UUIDs. */
export const POD_ID_CHARS = 128;

/** Characters of a session id. A UUID has 36. */
export const SESSION_ID_CHARS = 128;

/** Characters of one candidate line. A long one, with IPv6 and extensions, has about 250. */
export const CANDIDATE_CHARS = 1024;

/** Characters of the short members of a candidate (`sdpMid`, `usernameFragment`: RFC 8839 5.4). */
export const CANDIDATE_FIELD_CHARS = 256;

/** Characters of a message for people that are read; what is longer is cut. */
export const ERROR_CHARS = 512;

/**
 * Candidates that one side of a session may send. Counted a side, not a session, so that a visitor
 * cannot use up what the Host may send. A machine with many network interfaces has 20 to 30.
 */
export const CANDIDATES_PER_SESSION = 64;

/** Silence after which we say `{t:"ping"}`, in milliseconds. Proxies close after 60 s and more. */
export const PING_AFTER_MS = 25_000;

/** Silence after which a peer that knows ping counts as gone, in milliseconds. */
export const SILENT_AFTER_MS = 60_000;

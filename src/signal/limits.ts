import { CANDIDATES_PER_SESSION, MESSAGE_BYTES, SDP_BYTES } from "../signaling/mod.ts";

/**
 * What one client may cost the broker (spec: signaling.md "Limits"). What clients of the wire keep
 * to, sizes and candidates, can be made less here and not more.
 */
export interface BrokerLimits {
  /** Bytes of one message. */
  messageBytes: number;
  /** Bytes of one SDP. */
  sdpBytes: number;
  /** Candidates that each side of a session may send. */
  candidatesPerSession: number;
  /** New sessions a minute from one address. 60 is a busy office behind one address. */
  sessionsPerMinute: number;
  /** Uploads an hour from one address: each is stored, and checking one takes CPU. */
  uploadsPerHour: number;
  /**
   * Uploads at once from one address: a slow one keeps its place for minutes, and there are 16 for
   * everybody.
   */
  uploadsAtOnce: number;
  /** Milliseconds for a rendezvous to finish; even a slow one takes seconds. */
  sessionLifetimeMs: number;
  /** Pods that one socket may register: a Host with more opens another. */
  podsPerSocket: number;
  /** Sockets at once. An idle one holds 12 KiB. */
  sockets: number;
  /** Sockets at once from one address: a whole house of Hosts behind one. */
  socketsPerAddress: number;
  /** Bytes that may wait for one socket. A reader who lets more wait would fill our memory. */
  unsentBytes: number;
}

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: BrokerLimits = {
  messageBytes: MESSAGE_BYTES,
  sdpBytes: SDP_BYTES,
  candidatesPerSession: CANDIDATES_PER_SESSION,
  sessionsPerMinute: 60,
  uploadsPerHour: 10,
  uploadsAtOnce: 4,
  sessionLifetimeMs: 5 * 60_000,
  podsPerSocket: 256,
  sockets: 20_000,
  socketsPerAddress: 1_000,
  unsentBytes: 1024 * 1024,
};

/** `--limits off`: nobody is counted, for load tests; everything else holds. */
export const LIMITS_WITHOUT_ADDRESSES: BrokerLimits = {
  ...DEFAULT_LIMITS,
  sessionsPerMinute: Infinity,
  uploadsPerHour: Infinity,
  uploadsAtOnce: Infinity,
  sockets: Infinity,
  socketsPerAddress: Infinity,
};

/** Connections at once beside the sockets: those that ask for pages, and those that only knock. */
export const HTTP_CONNECTIONS = 4_000;

/** How often sessions are looked at for their age and sockets for their silence, in milliseconds. */
export const SWEEP_MS = 5_000;

/** Seconds without a WebSocket pong after which a socket counts as dead; it is asked at the half. */
export const SOCKET_IDLE_S = 60;

/** How long a stopping broker waits for its sockets to take their goodbye, in milliseconds. */
export const GOODBYE_WITHIN_MS = 1_000;

/** How long a stopping broker waits for requests in flight, in milliseconds. */
export const STOP_WITHIN_MS = 5_000;

/**
 * How long a stopping broker waits for its registry and its bus, in milliseconds. All three together
 * are less than the 10 s that are promised (issue C) and that `docker stop` gives.
 */
export const CLOSE_WITHIN_MS = 2_000;

/** When a broker that was told to stop is ended whatever it still does, in milliseconds. */
export const DEADLINE_MS = 9_000;

/**
 * Errors that one side of a session may pass on to the other. One is usual; without a limit, a
 * visitor who has an answer could keep its Host busy for as long as it likes.
 */
export const ERRORS_PER_SESSION = 64;

/** Ended sessions that a socket's late candidates are remembered of. */
export const ENDED_SESSIONS_REMEMBERED = 256;

/** Addresses that a rate limit keeps count of; beyond, the one seen longest ago is forgotten. */
export const ADDRESSES_COUNTED = 50_000;

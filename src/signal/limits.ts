/**
 * What one client may cost the broker (spec: signaling.md "Limits"). Sizes of single messages are
 * in `signaling`, whose clients keep to them.
 */
export interface BrokerLimits {
  /** New sessions a minute from one address. 60 is a busy office behind one address. */
  sessionsPerMinute: number;
  /** Uploads an hour from one address: each is stored, and checking one takes CPU. */
  uploadsPerHour: number;
  /** Milliseconds for a rendezvous to finish; even a slow one takes seconds. */
  sessionLifetimeMs: number;
  /** Pods that one socket may register: a Host with more opens another. */
  podsPerSocket: number;
  /** Bytes that may wait for one socket. A reader who lets more wait would fill our memory. */
  unsentBytes: number;
}

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: BrokerLimits = {
  sessionsPerMinute: 60,
  uploadsPerHour: 10,
  sessionLifetimeMs: 5 * 60_000,
  podsPerSocket: 256,
  unsentBytes: 1024 * 1024,
};

/** `--limits off`: nothing is counted by address, for load tests; everything else holds. */
export const LIMITS_WITHOUT_ADDRESSES: BrokerLimits = {
  ...DEFAULT_LIMITS,
  sessionsPerMinute: Infinity,
  uploadsPerHour: Infinity,
};

/** How often sessions are looked at for their age and sockets for their silence, in milliseconds. */
export const SWEEP_MS = 5_000;

/** Seconds without a WebSocket pong after which a socket counts as dead; it is asked at the half. */
export const SOCKET_IDLE_S = 60;

/** How long a stopping broker waits for its sockets to take their goodbye, in milliseconds. */
export const GOODBYE_WITHIN_MS = 1_000;

/** How long a stopping broker waits for requests in flight, in milliseconds. */
export const STOP_WITHIN_MS = 5_000;

/** Ended sessions that a socket's late candidates are remembered of. */
export const ENDED_SESSIONS_REMEMBERED = 256;

/** Addresses that a rate limit keeps count of; beyond, the one seen longest ago is forgotten. */
export const ADDRESSES_COUNTED = 50_000;

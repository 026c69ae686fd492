/**
 * The codes that a broker closes a socket with (spec: signaling.md). All are from the range that
 * RFC 6455 7.4.2 leaves to applications, because a script may send no other.
 */
export const CLOSE_CODE = {
  /** A newer registration of the same pod took over. The pod does not register again by itself. */
  REPLACED: 4001,
  /** The pod is claimed by another owner. */
  CLAIMED: 4003,
  /** Not a word for 60 s from a client that knows ping. */
  SILENT: 4008,
  /** The broker is stopping: come back, with jitter. */
  STOPPING: 4012,
  /** Over a limit; an error message said which. */
  LIMIT: 4029,
} as const;

/** The name of the data channel that carries DARTC (dartc.md, first paragraph). */
export const CHANNEL_LABEL = "dartc.v0";

/** The version that every frame names; another one is refused (dartc.md, "Frame"). */
export const DARTC_VERSION = "0.2";

/** The A2A version that hellos and Agent Cards name (dartc.md, "Agent Card"). */
export const A2A_VERSION = "0.2.2";

/** The most UTF-8 bytes of a frame that we read (dartc.md, "Sizes and backpressure"). */
export const MAX_FRAME_BYTES = 256 * 1024;

/** The most UTF-8 bytes of a frame that we send, a hello aside (same place). */
export const MAX_SENT_FRAME_BYTES = 64 * 1024;

/**
 * How much of a sent frame is left to everything but its text: names, ids and signature take about
 * 700 bytes, and ids of the other side may have {@linkcode MAX_ID_CHARS} characters each.
 */
export const FRAME_OVERHEAD_BYTES = 4 * 1024;

/** The most characters of a request id, so that the ids made from it stay small. */
export const MAX_ID_CHARS = 128;

/** How deep a frame may nest: far more than any event needs, far less than a stack holds. */
export const MAX_DEPTH = 200;

/** Above this many buffered bytes a sender stops reading from its model (same place). */
export const HIGH_WATER = 1024 * 1024;

/** At this many buffered bytes it goes on. */
export const LOW_WATER = 256 * 1024;

/**
 * The most bytes that may wait to be sent before a session is closed: what the owner of a session
 * may write on without watching `writable()`, so that a peer that reads nothing costs no more.
 */
export const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** How long a peer may take nothing of what waits for it, in milliseconds (same place). */
export const STALL_MS = 30_000;

/**
 * How long a Host bears a channel on which no hello was accepted, in milliseconds: longer than a
 * visitor waits for anything, so only who never meant to speak is closed.
 */
export const HELLO_WAIT_MS = 30_000;

/** How many message ids of a session are remembered against replay (dartc.md, check 5). */
export const REPLAY_WINDOW = 4096;

/** How far the clock of a peer may be from ours at its hello, in milliseconds (check 4). */
export const MAX_CLOCK_SKEW_MS = 24 * 60 * 60 * 1000;

/** How far a later frame may be from now, in milliseconds, corrected by that skew (check 4). */
export const MAX_FRAME_AGE_MS = 60_000;

/** How many bad frames in a row a visitor bears (dartc.md, below the checks). */
export const MAX_BAD_FRAMES_IN_A_ROW = 3;

/**
 * How many frames may wait for their turn in a Host while an earlier one is still being checked
 * (a manifest, a history). A visitor that stays within its rate never has more than 500 on the way.
 */
export const ORIGIN_QUEUE_FRAMES = 1024;

/** The same in bytes. */
export const ORIGIN_QUEUE_BYTES = 4 * 1024 * 1024;

/**
 * The same in a visitor, whose page may be slower to verify than a Host of another implementation
 * is to send: such a Host knows no acknowledgements.
 */
export const VISITOR_QUEUE_FRAMES = 32 * 1024;

/** The same in bytes. */
export const VISITOR_QUEUE_BYTES = 32 * 1024 * 1024;

/** How long a peer may be silent before it is pinged, in milliseconds (dartc.md, "Topics"). */
export const PING_AFTER_MS = 20_000;

/** How many pings in a row may stay unanswered. */
export const MAX_UNANSWERED_PINGS = 3;

/** A visitor acknowledges each chunk whose number this divides (dartc.md, "Features"). */
export const ACK_EVERY_CHUNKS = 64;

/** With more chunks than this open, a sender stops reading from its model (same place). */
export const FLOW_WINDOW_CHUNKS = 256;

/** The most chat requests that a visitor session keeps track of at once. */
export const MAX_OPEN_REQUESTS = 64;

/** The most characters of an error's message that are kept: it is for people. */
export const MAX_ERROR_CHARS = 1000;

/**
 * How many of our frames may wait for an acknowledgement that somebody here counts on; an older one
 * is forgotten, which is harmless: a newer acknowledgement says more.
 */
export const MAX_EXPECTED_ACKS = 1024;

/** How many characters of JSON a state may have: it is copied at each change. */
export const MAX_STATE_CHARS = 4 * 1024 * 1024;

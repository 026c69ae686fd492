/** Until the Host's answer is there, in milliseconds (runtime.md, "Transports"). */
export const SIGNALING_LIMIT_MS = 20_000;

/** From the answer until the channel is open, in milliseconds (same place). */
export const CHANNEL_LIMIT_MS = 15_000;

/** From the open channel until the Host's hello, in milliseconds (same place). */
export const HELLO_LIMIT_MS = 10_000;

/** From the hello until the Host's Agent Card, in milliseconds (same place). */
export const CARD_LIMIT_MS = 10_000;

/** How long an endpoint of the `direct` transport may take to say that it is there. */
export const DIRECT_PROBE_LIMIT_MS = 5_000;

/** The longest first wait before a reconnection, in milliseconds (same place). */
export const RECONNECT_BASE_MS = 500;

/** The longest wait before a reconnection, in milliseconds (same place). */
export const RECONNECT_MAX_MS = 30_000;

/**
 * How many attempts after a loss go to the transport that was lost alone: a Host that restarts is
 * back within seconds, and a visitor should not find another model in its place.
 */
export const RECONNECT_SAME_TRIES = 3;

/**
 * A connection that was lost before it stood so long, in milliseconds, counts as one more attempt
 * that failed: a Host that lets every visitor in and drops it at once is not called without a pause.
 */
export const STEADY_MS = 10_000;

/** How often a session is looked after, in milliseconds: it counts silence in seconds. */
export const TICK_MS = 1_000;

/** How many entries of the selection's trace are kept: the last dozens of attempts. */
export const MAX_TRACE = 64;

/** How many steps of the ladder are kept: the last few connections. */
export const MAX_DARTC_EVENTS = 64;

/** How many messages a history holds; the oldest leave. No person reads more, and lists are copied. */
export const MAX_HISTORY_MESSAGES = 5_000;

/**
 * How many characters all messages of a history hold together; the oldest leave. A Host may send
 * the history anew as often as it likes.
 */
export const MAX_HISTORY_CHARS = 32_000_000;

/** How many characters the id of a message has: ours have 36, and a Host's come from elsewhere. */
export const MAX_MESSAGE_ID_CHARS = 1_024;

/** How many characters an answer has, thoughts included: no model writes more on purpose. */
export const MAX_ANSWER_CHARS = 8_000_000;

/**
 * How many characters of a conversation are kept in storage, the newest: browsers give a page five
 * million for everything, and all pods of one broker share them.
 */
export const MAX_STORED_CHARS = 1_000_000;

/** How many characters of one message are kept in storage: the Host has the rest. */
export const MAX_STORED_MESSAGE_CHARS = 100_000;

/** How many earlier conversations of a pod are kept in storage. */
export const MAX_STORED_CONVERSATIONS = 20;

/** How many removed messages of a conversation are remembered: more than a person removes at once. */
export const MAX_REMOVED = 1_000;

/**
 * How long after its own write a tab writes again what another tab wrote over, in milliseconds: tabs
 * of several processes see each other's writes after a few, or when they wake. Later it was meant.
 */
export const REPAIR_MS = 10_000;

/** How many characters of a first question name a conversation. */
export const TITLE_CHARS = 80;

/**
 * How many events may come of one, by handlers that bring about more: beyond, they answer each other
 * for ever, and the page would stand still.
 */
export const MAX_IN_TURN = 10_000;

/** How many chunks may wait for a slow reader before they are merged. */
export const MAX_WAITING_CHUNKS = 1_024;

/**
 * How long after a run's `RUN_ERROR` its `dartc.error`, which has the code, may take, in
 * milliseconds. They are sent together.
 */
export const RUN_ERROR_GRACE_MS = 1_000;

/** How many cancelled runs are remembered, so that what still comes of them is not shown. */
export const MAX_CANCELLED_RUNS = 64;

/** The longest event of an event stream that is read: an answer's piece is far smaller. */
export const MAX_SSE_EVENT_CHARS = 4 * 1024 * 1024;

/** How many characters of JSON may be asked of a capability at once: a file of 3 MB as base64. */
export const MAX_INPUT_CHARS = 5_000_000;

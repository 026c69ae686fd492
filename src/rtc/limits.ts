/** How long a connection may take to open, in milliseconds, before it counts as failed. */
export const OPEN_WITHIN_MS = 30_000;

/** How long a description waits for this machine's own candidates, in milliseconds. */
export const OWN_CANDIDATES_WITHIN_MS = 5;

/** How long a close waits for what was sent to go out, in milliseconds. */
export const DRAIN_WITHIN_MS = 3_000;

/** How often a close looks whether it is out, in milliseconds. */
export const DRAIN_LOOK_MS = 5;

/**
 * The pause between closing the channel and closing the connection, in milliseconds. Without it
 * the last messages are lost (pitfalls.md, measured).
 */
export const LINGER_MS = 50;

/**
 * The largest message that we say we take, in bytes: twice what DARTC allows, so that a frame that
 * is too large arrives and is refused by its session with a reason.
 */
export const MAX_MESSAGE_BYTES = 512 * 1024;

/** Channels of other names that a visitor may open before its connection is closed. */
export const MAX_FOREIGN_CHANNELS = 4;

import { MESSAGE_BYTES } from "../../signaling/mod.ts";

/**
 * Bytes of one message between brokers: a client's largest, which never grows when it is written
 * again, and the envelope around it. NATS takes 1 MiB unless told otherwise.
 */
export const BUS_MESSAGE_BYTES = MESSAGE_BYTES + 4 * 1024;

/**
 * How long a registration outlives its broker on the bus, in milliseconds. Nothing waits for this:
 * a dead broker does not answer, and a Host that is back elsewhere takes its entry over. It is how
 * long the bus remembers pods that nobody serves any more.
 */
export const REGISTRATION_TTL_MS = 120_000;

/** How often a standing registration is put again: two may fail before it is forgotten. */
export const REFRESH_MS = REGISTRATION_TTL_MS / 3;

/**
 * How soon after the bus came back everything is put again, in milliseconds, beside at once: brokers
 * come back one after the other, and what one of them says may not reach all at first.
 */
export const REFRESH_AFTER_OUTAGE_MS: readonly number[] = [1_000, 5_000];

/** Registrations that are put at the same time; NATS takes thousands a second that way. */
export const PUTS_AT_ONCE = 64;

/** How soon what failed on the bus is tried again, in milliseconds. */
export const RETRY_MS = 500;

/** How long one answer of JetStream may take, in milliseconds. Within a house it takes one or two. */
export const JETSTREAM_WITHIN_MS = 2_000;

/** How long a starting broker waits for its bus before it serves without it, in milliseconds. */
export const CONNECT_WITHIN_MS = 3_000;

/** How often links are looked at while there are any, in milliseconds. */
export const LINK_TICK_MS = 100;

/** Silence after which what was sent over a link is sent again, in milliseconds. */
export const RESEND_MS = 250;

/**
 * How long a link tries to deliver, in milliseconds. A broker that lost its NATS node has another
 * within a second, and a Host whose broker was killed is back within five: a visitor who calls in
 * between is put through.
 */
export const GIVE_UP_MS = 5_000;

/** How often a broker that owes an answer is asked whether it still lives, in milliseconds. */
export const PROBE_MS = 5_000;

/** How long a finished link is remembered, so that what is sent again opens no second session. */
export const LINGER_MS = 2 * GIVE_UP_MS;

/** Messages of one link that may wait to be taken: all candidates, their ends, an answer, an error. */
export const UNTAKEN_PER_LINK = 256;

/** Links of a broker. Far more sessions than one process serves; beyond, the bus is hostile. */
export const MAX_LINKS = 50_000;

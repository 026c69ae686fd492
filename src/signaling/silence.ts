import { PING_AFTER_MS, SILENT_AFTER_MS } from "./limits.ts";

/** What is to be done about a quiet line. */
export type SilenceAction = "wait" | "ping" | "gone";

/**
 * Watches one line for silence: `{t:"ping"}` after 25 s without a word, gone after 60 s.
 *
 * Only a peer that has shown that it knows ping is ever given up for its silence. Clients and
 * brokers of other implementations do not answer: their lines are left to the WebSocket's own ping
 * and to TCP. And a line is gone only when a ping of ours went unanswered, so that a machine that
 * slept asks first and closes later.
 *
 * Has no timer: its owner asks {@linkcode Silence.check} now and then.
 */
export class Silence {
  #heardAt: number;
  #askedAt: number | undefined;
  #peer: "unknown" | "knows" | "refuses" = "unknown";
  readonly #pingAfterMs: number;
  readonly #answerWithinMs: number;

  /**
   * @param now the time, in milliseconds of any clock
   * @param pingAfterMs silence before a ping; the rest of the 60 s scales with it
   */
  constructor(now: number, pingAfterMs: number = PING_AFTER_MS) {
    this.#heardAt = now;
    this.#pingAfterMs = pingAfterMs;
    this.#answerWithinMs = pingAfterMs * (SILENT_AFTER_MS - PING_AFTER_MS) / PING_AFTER_MS;
  }

  /** Whether the peer has shown that it knows ping. */
  get peerKnowsPing(): boolean {
    return this.#peer === "knows";
  }

  /** Whether a ping of ours waits for an answer from a peer of whom we know nothing. */
  get askingStranger(): boolean {
    return this.#peer === "unknown" && this.#askedAt !== undefined;
  }

  /** Any word came. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#askedAt = undefined;
  }

  /** The peer said ping or pong, or that it knows them. */
  peerKnows(): void {
    this.#peer = "knows";
  }

  /** The peer answered a ping with an error: it is not asked again. */
  peerRefuses(): void {
    this.#peer = "refuses";
  }

  /** What to do now. `"ping"` is said once for each ping that is due. */
  check(now: number): SilenceAction {
    if (this.#askedAt === undefined) {
      if (this.#peer === "refuses" || now - this.#heardAt < this.#pingAfterMs) return "wait";
      this.#askedAt = now;
      return "ping";
    }
    if (this.#peer === "knows") {
      return now - this.#askedAt < this.#answerWithinMs ? "wait" : "gone";
    }
    // An unknown peer is asked on and on: that keeps the path through a NAT open, and TCP notices
    // a dead one only when something is written to it.
    if (now - this.#askedAt < this.#pingAfterMs) return "wait";
    this.#askedAt = now;
    return "ping";
  }
}

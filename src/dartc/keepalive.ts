import { MAX_UNANSWERED_PINGS, PING_AFTER_MS } from "./limits.ts";

/** What the owner of a silent session has to do. */
export type KeepaliveStep = "nothing" | "ping" | "close";

/**
 * When to ping and when to give up (dartc.md, "Topics"): a ping after 20 s without a word from the
 * peer, another one after each 20 s more, and the end when three have gone unanswered as long.
 */
export class Keepalive {
  #heardAt: number;
  #pingedAt = -Infinity;
  #unanswered = 0;

  constructor(now: number) {
    this.#heardAt = now;
  }

  /** The peer said something: whatever it was, it lives. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#unanswered = 0;
  }

  /** What is due at this time. */
  tick(now: number): KeepaliveStep {
    if (now - Math.max(this.#heardAt, this.#pingedAt) < PING_AFTER_MS) return "nothing";
    if (this.#unanswered === MAX_UNANSWERED_PINGS) return "close";
    this.#unanswered++;
    this.#pingedAt = now;
    return "ping";
  }
}

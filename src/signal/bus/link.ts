import type { SessionMessage } from "./bus_message.ts";
import { GIVE_UP_MS, LINGER_MS, PROBE_MS, RESEND_MS, UNTAKEN_PER_LINK } from "./limits.ts";

/** What a link has to say of itself when its time has come. */
export type LinkState =
  | "open"
  /** The other broker does not answer any more. */
  | "lost"
  /** Over, and long enough ago that nothing of it can still be on its way. */
  | "done";

/** How a link reaches the other broker; `to` is undefined until one has taken the offer. */
export type Transmit = (to: string | undefined, n: number, say: SessionMessage) => void;

/**
 * One session's way between two brokers. NATS delivers at most once, and not at all while a client
 * changes from a node that died to another: here everything is numbered, and sent again until the
 * other side has taken it.
 *
 * Has no timer: its owner calls {@linkcode Link.tick}.
 */
export class Link {
  readonly id: string;
  readonly #transmit: Transmit;
  readonly #untaken: { readonly n: number; readonly say: SessionMessage }[] = [];
  /** The broker on the other side. Nobody else may say anything here. */
  #peer: string | undefined;
  #next = 0;
  #expected = 0;
  /** Since when the oldest untaken message waits, when all of them were last sent. */
  #stuckSince = 0;
  #sentAt = 0;
  #heardAt: number;
  #finishedAt: number | undefined;
  /** Whether the other side owes an answer. */
  #owed: boolean;

  /** @param peer who made the offer; undefined where we are about to make one */
  constructor(id: string, peer: string | undefined, transmit: Transmit, now: number) {
    this.id = id;
    this.#peer = peer;
    this.#transmit = transmit;
    this.#heardAt = now;
    this.#owed = peer === undefined;
  }

  /** Whether nobody has taken the offer yet. */
  get calling(): boolean {
    return this.#peer === undefined;
  }

  /** Whether the session is over on our side. */
  get finished(): boolean {
    return this.#finishedAt !== undefined;
  }

  /** Sends a message; it arrives once, and after those before it, or the link is lost. */
  send(say: SessionMessage, now: number): void {
    if (this.finished) return;
    if (say.t === "end") {
      this.#finishedAt = now;
      if (this.calling) {
        // The offer is not sent again. Where somebody has taken it, and we are about to hear that,
        // this is the one thing more that they hear.
        this.#untaken.length = 0;
        this.#next = 1;
      }
    }
    this.#push(say, now);
  }

  /**
   * Takes a message in: to be acted on where it is the next one and the session stands. The caller
   * says that it was taken, of one that came again too.
   */
  receive(from: string, n: number, say: SessionMessage, now: number): "act" | "again" | "ignore" {
    this.#peer ??= from; // our offer was taken, and what says so is still on its way
    if (from !== this.#peer || n > this.#expected) return "ignore";
    this.#heardAt = now;
    if (n < this.#expected) return "again";
    this.#expected++;
    if (this.finished) return "again";
    if (say.t === "answer") this.#owed = false;
    if (say.t === "end") this.over(now);
    return "act";
  }

  /** The other side has taken everything up to `n`. */
  taken(from: string, n: number, now: number): void {
    const wasCalling = this.calling;
    this.#peer ??= from;
    if (from !== this.#peer) return;
    this.#heardAt = now;
    this.#stuckSince = now;
    while (this.#untaken[0] !== undefined && this.#untaken[0].n <= n) this.#untaken.shift();
    if (wasCalling) this.#sendAll(now);
  }

  /** Gives up the link, and gives back what nobody has taken, in order. */
  takeBack(now: number): SessionMessage[] {
    const untaken = this.#untaken.map(({ say }) => say);
    this.over(now);
    return untaken;
  }

  /** The session is over, and the other side knows or cannot be told. */
  over(now: number): void {
    this.#finishedAt ??= now;
    this.#untaken.length = 0;
  }

  /** Sends again what was not taken; to be called several times a second. */
  tick(now: number): LinkState {
    const waits = this.#untaken.length > 0;
    if (this.#finishedAt !== undefined && (!waits || now - this.#stuckSince > GIVE_UP_MS)) {
      return now - this.#finishedAt > LINGER_MS ? "done" : "open";
    }
    if (waits && now - this.#stuckSince > GIVE_UP_MS) return "lost";
    if (this.#untaken.length > UNTAKEN_PER_LINK) return "lost";
    if (waits && now - this.#sentAt >= RESEND_MS) this.#sendAll(now);
    if (!waits && this.#owed && now - this.#heardAt >= PROBE_MS) this.#push({ t: "probe" }, now);
    return "open";
  }

  #push(say: SessionMessage, now: number): void {
    if (this.#untaken.length === 0) this.#stuckSince = now;
    const n = this.#next++;
    this.#untaken.push({ n, say });
    if (this.#peer === undefined && n > 0) return; // until it is known who took the offer
    this.#transmit(this.#peer, n, say);
    this.#sentAt = now;
  }

  #sendAll(now: number): void {
    for (const { n, say } of this.#untaken) {
      if (this.#peer === undefined && n > 0) break;
      this.#transmit(this.#peer, n, say);
    }
    this.#sentAt = now;
  }
}

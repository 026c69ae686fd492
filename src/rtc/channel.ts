import { type Channel, HIGH_WATER, LOW_WATER } from "../dartc/mod.ts";

/** The part of the addon's data channel that is used here, so that a test may hand in a fake. */
export interface RawChannel {
  sendMessage(text: string): boolean;
  bufferedAmount(): number;
  isOpen(): boolean;
  setBufferedAmountLowThreshold(bytes: number): void;
  onBufferedAmountLow(callback: () => void): void;
  onMessage(callback: (message: unknown) => void): void;
  onClosed(callback: () => void): void;
}

/**
 * Messages and characters that are kept for a handler that is not there yet: a peer's hello and
 * what may follow it at once. A peer that sends more before anybody listens is let go.
 */
const KEPT_MESSAGES = 64;
const KEPT_CHARS = 1024 * 1024;

/** A {@linkcode Channel} on an open data channel of the addon. */
export class RtcChannel implements Channel {
  readonly #raw: RawChannel;
  readonly #requestClose: (reason: string) => void;
  #state: "open" | "closing" | "closed" = "open";
  #reason = "";
  #kept: string[] = [];
  #keptChars = 0;
  #onMessage: ((text: string) => void) | undefined;
  #onClose: ((reason: string) => void) | undefined;
  #writable: PromiseWithResolvers<void> | undefined;

  /**
   * Call in the same task in which the addon hands the channel over: what comes before its
   * callbacks are set is lost.
   *
   * @param requestClose closes the connection in the order that loses nothing, and then calls
   *   {@linkcode RtcChannel.end}
   */
  constructor(raw: RawChannel, requestClose: (reason: string) => void) {
    this.#raw = raw;
    this.#requestClose = requestClose;
    raw.setBufferedAmountLowThreshold(LOW_WATER);
    raw.onBufferedAmountLow(() => {
      // It comes in a later task: what was sent since may have filled it again, and will tell again.
      if (this.bufferedAmount() < HIGH_WATER) this.#release();
    });
    raw.onMessage((message) => this.#take(typeof message === "string" ? message : ""));
    raw.onClosed(() => requestClose("the other side closed the channel"));
  }

  send(text: string): void {
    if (this.#state !== "open") return;
    try {
      this.#raw.sendMessage(text); // false means buffered, not failed
    } catch {
      // The addon throws when the channel broke a moment ago, and for a message over what the
      // other side takes: both leave a gap in the order, which no session survives.
      this.#requestClose("a message could not be sent");
    }
  }

  close(reason = "closed"): void {
    if (this.#state === "open") this.#requestClose(reason);
  }

  bufferedAmount(): number {
    if (this.#state === "closed") return 0;
    try {
      return this.#raw.bufferedAmount();
    } catch {
      return 0; // it is gone, and with it what it held
    }
  }

  writable(): Promise<void> | undefined {
    if (this.#state !== "open" || this.bufferedAmount() < HIGH_WATER) return undefined;
    this.#writable ??= Promise.withResolvers<void>();
    return this.#writable.promise;
  }

  onMessage(handler: (text: string) => void): void {
    this.#onMessage = handler;
    const kept = this.#kept;
    this.#kept = [];
    this.#keptChars = 0;
    for (const text of kept) handler(text);
  }

  onClose(handler: (reason: string) => void): void {
    if (this.#state === "closed") queueMicrotask(() => handler(this.#reason));
    else this.#onClose = handler;
  }

  /**
   * No more is sent; what was sent still goes out, and what the other side said before it closed is
   * still handed over: a sender learns by its failure that it was closed, and from that why. For
   * the connection's owner.
   */
  stop(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#release();
  }

  /** The channel is closed: tells whoever listens, once. For the connection's owner. */
  end(reason: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#reason = reason;
    this.#release();
    this.#onClose?.(reason);
    this.#onClose = undefined;
  }

  #take(text: string): void {
    if (this.#state === "closed") return;
    if (this.#onMessage !== undefined) return this.#onMessage(text);
    this.#kept.push(text);
    this.#keptChars += text.length;
    if (this.#kept.length > KEPT_MESSAGES || this.#keptChars > KEPT_CHARS) {
      this.#kept = [];
      this.#requestClose("the other side sent too much before anybody listened");
    }
  }

  #release(): void {
    this.#writable?.resolve();
    this.#writable = undefined;
  }
}

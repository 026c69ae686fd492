import { type Channel, HIGH_WATER, LOW_WATER } from "../../src/dartc/mod.ts";

/** The part of an `RTCDataChannel` that is used here, so that a test may hand in a fake. */
export type RawDataChannel =
  & Pick<
    RTCDataChannel,
    | "readyState"
    | "bufferedAmount"
    | "bufferedAmountLowThreshold"
    | "onmessage"
    | "onbufferedamountlow"
    | "onclose"
    | "close"
  >
  & { send(text: string): void };

/**
 * Characters that are kept for a session that is not there yet: a Host's hello, and what may follow
 * it at once. A Host that sends more before anybody listens is let go.
 */
const KEPT_CHARS = 1024 * 1024;

/** How long what was sent before a close has to go out, in milliseconds. */
const CLOSE_LIMIT_MS = 1_000;

/** A {@linkcode Channel} on a data channel of a browser. Make it before the channel opens. */
export class DataChannel implements Channel {
  readonly #raw: RawDataChannel;
  readonly #release: () => void;
  #closed: { readonly reason: string } | undefined;
  #kept: string[] = [];
  #keptChars = 0;
  #onMessage: ((text: string) => void) | undefined;
  #onClose: ((reason: string) => void) | undefined;
  #writable: PromiseWithResolvers<void> | undefined;

  /** @param release closes the connection beneath, once nothing is left to send */
  constructor(raw: RawDataChannel, release: () => void) {
    this.#raw = raw;
    this.#release = release;
    raw.bufferedAmountLowThreshold = LOW_WATER;
    raw.onbufferedamountlow = () => this.#resume();
    raw.onmessage = ({ data }) => this.#take(typeof data === "string" ? data : "");
    raw.onclose = () => this.end("the connection was closed by the other side");
  }

  send(text: string): void {
    if (this.#closed !== undefined || this.#raw.readyState !== "open") return;
    try {
      this.#raw.send(text);
    } catch {
      this.end("a message could not be sent"); // a gap in the order that no session survives
    }
  }

  close(reason = "closed"): void {
    if (this.#closed !== undefined) return;
    this.#finish(reason);
    this.#kept = [];
    // A closing data channel sends what it holds before it is closed (W3C WebRTC 6.2).
    const timer = setTimeout(this.#release, CLOSE_LIMIT_MS);
    this.#raw.onclose = () => {
      clearTimeout(timer);
      this.#release();
    };
    this.#raw.close();
  }

  bufferedAmount(): number {
    return this.#closed === undefined ? this.#raw.bufferedAmount : 0;
  }

  writable(): Promise<void> | undefined {
    if (this.#closed !== undefined || this.#raw.bufferedAmount < HIGH_WATER) return undefined;
    this.#writable ??= Promise.withResolvers<void>();
    return this.#writable.promise;
  }

  onMessage(handler: (text: string) => void): void {
    this.#onMessage = handler;
    const kept = this.#kept;
    this.#kept = [];
    for (const text of kept) handler(text);
  }

  onClose(handler: (reason: string) => void): void {
    const closed = this.#closed;
    if (closed === undefined) this.#onClose = handler;
    else queueMicrotask(() => handler(closed.reason));
  }

  /** An open connection would keep the page out of the browser's back/forward cache. */
  abandon(): void {
    this.end("the page went away");
  }

  /**
   * The connection is gone: tells whoever listens, and closes what is left of it. What came before
   * is kept for a session that comes late: it may say why.
   */
  end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#finish(reason);
    this.#release();
  }

  #finish(reason: string): void {
    this.#closed = { reason };
    this.#raw.onmessage = null;
    this.#resume();
    this.#onClose?.(reason);
    this.#onClose = undefined;
  }

  #take(text: string): void {
    if (this.#onMessage !== undefined) return this.#onMessage(text);
    this.#kept.push(text);
    this.#keptChars += text.length;
    if (this.#keptChars <= KEPT_CHARS) return;
    this.#kept = [];
    this.end("the Host sent too much before anybody listened");
  }

  #resume(): void {
    this.#writable?.resolve();
    this.#writable = undefined;
  }
}

import { utf8Encode } from "../../base/mod.ts";
import { EventRing, type QueuedEvent } from "./event_ring.ts";

/** About how many characters go out in one piece: many small events cost less together. */
const PIECE_CHARS = 64 * 1024;

/** After how long a browser's own `EventSource` comes back, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * One reader of the event stream. What it does not read in time waits, up to a bound; then the
 * oldest go, and the reader is told how many (host.md, "Loopback HTTP API").
 */
export class EventReader {
  readonly body: ReadableStream<Uint8Array>;
  readonly #queue = new EventRing<QueuedEvent>();
  readonly #onGone: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Said between two events: comments, which readers pass over. */
  #aside = `retry: ${RETRY_MS}\n\n`;
  #dropped = 0;
  #state: "open" | "ending" | "gone" = "open";
  #wake: (() => void) | undefined;

  /** @param onGone called once, when nobody reads any more */
  constructor(onGone: () => void) {
    this.#onGone = onGone;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => this.#leave(),
    }, { highWaterMark: 0 });
  }

  push(event: QueuedEvent): void {
    this.#dropped += this.#queue.push(event);
    this.#wake?.();
  }

  /** Shows a reader who has nothing to read that the line is alive. */
  beat(): void {
    if (this.#queue.size > 0 || this.#aside !== "") return;
    this.#aside = ": ping\n\n";
    this.#wake?.();
  }

  /** Ends the stream behind what waits. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#wake?.();
  }

  async #pull(): Promise<void> {
    while (this.#state === "open" && this.#queue.size === 0 && this.#aside === "") {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
      this.#wake = undefined;
    }
    if (this.#state === "gone") return;
    const piece = this.#take();
    if (piece !== "") return this.#controller?.enqueue(utf8Encode(piece));
    this.#controller?.close();
    this.#leave();
  }

  #take(): string {
    let piece = this.#aside;
    this.#aside = "";
    if (this.#dropped > 0) {
      piece += `: ${this.#dropped} events were left out\n\n`;
      this.#dropped = 0;
    }
    while (piece.length < PIECE_CHARS) {
      const event = this.#queue.shift();
      if (event === undefined) break;
      piece += event.text;
    }
    return piece;
  }

  #leave(): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#wake?.();
    this.#onGone();
  }
}

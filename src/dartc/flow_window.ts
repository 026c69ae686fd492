import { ACK_EVERY_CHUNKS, FLOW_WINDOW_CHUNKS, STALL_MS } from "./limits.ts";

/**
 * How many chunks of a stream the other side's page has not taken yet (dartc.md, "Features",
 * `flow.ack`): a browser whose page is blocked buffers without a bound, and the channel does not
 * show it.
 */
export class FlowWindow {
  #sent = 0;
  #acknowledged = 0;
  #stall: { readonly acknowledged: number; readonly since: number } | undefined;
  #whenOpen: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Counts one more chunk; returns its number, from 1, and whether it will be acknowledged. */
  next(): { chunkId: number; isAcknowledged: boolean } {
    const chunkId = ++this.#sent;
    return { chunkId, isAcknowledged: chunkId % ACK_EVERY_CHUNKS === 0 };
  }

  /** The other side has taken all chunks up to this one. */
  acknowledge(chunkId: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, chunkId);
    if (!this.full) this.release();
  }

  /** Whether more chunks are open than may be. */
  get full(): boolean {
    return this.#sent - this.#acknowledged > FLOW_WINDOW_CHUNKS;
  }

  /** Settles when the window is open again, or is released. */
  whenOpen(): Promise<void> {
    if (this.#whenOpen === undefined) {
      let resolve = () => {};
      const promise = new Promise<void>((settle) => resolve = settle);
      this.#whenOpen = { promise, resolve };
    }
    return this.#whenOpen.promise;
  }

  /** Lets everybody go who waits. */
  release(): void {
    this.#whenOpen?.resolve();
    this.#whenOpen = undefined;
  }

  /** Whether a full window has not moved for {@linkcode STALL_MS}, as seen by this call and earlier. */
  isStalled(now: number): boolean {
    if (!this.full) this.#stall = undefined;
    else if (this.#stall?.acknowledged !== this.#acknowledged) {
      this.#stall = { acknowledged: this.#acknowledged, since: now };
    }
    return this.#stall !== undefined && now - this.#stall.since >= STALL_MS;
  }
}

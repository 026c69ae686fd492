import { CodedError, type MaybePromise, utf8Encode } from "../base/mod.ts";
import type { SigningKey } from "../core/mod.ts";
import type { Channel } from "./channel.ts";
import type { DartcMeta } from "./frame.ts";
import { InOrder } from "./in_order.ts";
import {
  DARTC_VERSION,
  FLOW_WINDOW_CHUNKS,
  MAX_FRAME_BYTES,
  MAX_SENT_FRAME_BYTES,
  MAX_UNSENT_BYTES,
  STALL_MS,
} from "./limits.ts";
import { isPromise, orElse } from "./maybe.ts";
import { SIGNATURE_BYTES, signedText, unsignedText } from "./sign_frame.ts";
import { TOPICS } from "./topics.ts";
import { uuidv7 } from "./uuidv7.ts";

/** A frame as a session thinks of it: the rest is the same for all of its frames. */
export interface Draft {
  topic: string;
  payload?: unknown;
  a2a?: unknown;
  dartc?: DartcMeta;
}

/** Options of {@linkcode Outbox}. */
export interface OutboxOptions {
  channel: Channel;
  key: SigningKey;
  /** Our name on the wire. */
  from: string;
  /** The other side's name, until it is known better. */
  to: string;
  now: () => number;
  /** Called, at most once, when nothing can be sent any more. */
  onFailure(reason: string): void;
}

/** What waits in the lane: a signed text, a signature that failed, the end, or somebody who waits. */
type Outgoing =
  | { readonly kind: "text"; readonly text: string; readonly bytes: number }
  | { readonly kind: "failed" }
  | { readonly kind: "close"; readonly reason: string }
  | { readonly kind: "mark"; readonly reached: () => void };

/** Signs and sends a session's frames, in order, in bounded memory. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lane = new InOrder<Outgoing>((outgoing) => this.#take(outgoing));
  #to: string;
  #closing = false;
  #signing = 0; // bytes whose signature is still to come
  #sent = 0; // bytes given to the channel
  #stall: { readonly taken: number; readonly since: number } | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#to = options.to;
  }

  /** From now on frames are addressed to this name. */
  addressTo(name: string): void {
    this.#to = name;
  }

  /**
   * Sends a frame and returns its `msg_id`. After `close` it does nothing.
   *
   * Throws `CodedError` `too_large` for more than we ever send (dartc.md, "Sizes and backpressure").
   */
  send(draft: Draft): string {
    const { now, from, key } = this.#options;
    const timestamp = now();
    const msg_id = uuidv7(timestamp);
    if (this.#closing) return msg_id;
    const text = unsignedText({
      a2a: draft.a2a,
      dartc: draft.dartc,
      from,
      msg_id,
      payload: draft.payload,
      timestamp,
      to: this.#to,
      topic: draft.topic,
      version: DARTC_VERSION,
    });
    const bytes = utf8Encode(text);
    const size = bytes.length + SIGNATURE_BYTES;
    if (size > sizeLimit(draft.topic)) {
      throw new CodedError("too_large", `Cannot send ${draft.topic}: the frame has ${size} bytes`);
    }
    this.#signing += size;
    this.#lane.push(outgoing(text, bytes, key));
    this.#failWhenFull();
    return msg_id;
  }

  /** Closes the channel when everything before is on its way. */
  close(reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#lane.push({ kind: "close", reason });
  }

  /** Undefined while more can be sent, else a promise that settles when it can, or all is over. */
  writable(): Promise<void> | undefined {
    if (this.#closing) return undefined;
    if (this.#lane.length <= FLOW_WINDOW_CHUNKS) return this.#options.channel.writable();
    return new Promise((reached) => this.#lane.push({ kind: "mark", reached }));
  }

  /**
   * Whether the peer has taken nothing of what waits for it for {@linkcode STALL_MS}, as seen by
   * this call and the ones before it.
   */
  isStalled(now: number): boolean {
    const waiting = this.#options.channel.bufferedAmount();
    const taken = this.#sent - waiting;
    if (waiting === 0) this.#stall = undefined;
    else if (taken !== this.#stall?.taken) this.#stall = { taken, since: now };
    return this.#stall !== undefined && now - this.#stall.since >= STALL_MS;
  }

  #take(next: Outgoing): void {
    switch (next.kind) {
      case "text":
        this.#signing -= next.bytes;
        this.#sent += next.bytes;
        this.#options.channel.send(next.text);
        return;
      case "failed":
        this.#fail("a frame could not be signed");
        return;
      case "close":
        this.#options.channel.close(next.reason);
        return;
      case "mark":
        next.reached();
        return;
      default:
        next satisfies never;
    }
  }

  #failWhenFull(): void {
    if (this.#signing + this.#options.channel.bufferedAmount() > MAX_UNSENT_BYTES) {
      this.#fail("the other side does not read what it is sent");
    }
  }

  #fail(reason: string): void {
    if (!this.#closing) this.#options.onFailure(reason);
  }
}

function outgoing(text: string, bytes: Uint8Array, key: SigningKey): MaybePromise<Outgoing> {
  return orElse<Outgoing>(() => {
    const signed = signedText(text, bytes, key);
    return isPromise(signed) ? signed.then((text) => textOf(text, bytes)) : textOf(signed, bytes);
  }, () => ({ kind: "failed" }));
}

function textOf(text: string, bytes: Uint8Array): Outgoing {
  return { kind: "text", text, bytes: bytes.length + SIGNATURE_BYTES };
}

/** A hello carries the signed manifest and may be as large as a receiver takes. */
function sizeLimit(topic: string): number {
  return topic === TOPICS.hello ? MAX_FRAME_BYTES : MAX_SENT_FRAME_BYTES;
}

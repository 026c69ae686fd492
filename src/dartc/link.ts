import { errorMessage, isObject, type MaybePromise, stringOrUndefined } from "../base/mod.ts";
import type { Ed25519, SigningKey } from "../core/mod.ts";
import type { Channel } from "./channel.ts";
import type { Feature } from "./features.ts";
import type { Frame } from "./frame.ts";
import { Inbox, type Refusal } from "./inbox.ts";
import { Keepalive } from "./keepalive.ts";
import { MAX_ERROR_CHARS, MAX_EXPECTED_ACKS, MAX_ID_CHARS } from "./limits.ts";
import { andThen } from "./maybe.ts";
import { type Draft, Outbox } from "./outbox.ts";
import { TOPICS } from "./topics.ts";

/** How a session ended. `code` is undefined for a plain close by either side. */
export interface LinkEnd {
  readonly code?: string;
  readonly reason: string;
}

/** What the two roles do differently. */
export interface LinkRole {
  /** The peer's first valid hello, and the key that it names. Later frames wait for the answer. */
  onHello(frame: Frame, publicKeyHex: string, at: number): MaybePromise<void>;
  /** Whether a frame is within what the peer may send; a refusal is the role's to answer. */
  admit(at: number): boolean;
  /** A frame that passed every check and is not the link's own business. */
  onFrame(frame: Frame, at: number): MaybePromise<void>;
  /** A `dartc.error` before the peer's hello. The link ends after it. */
  onUnverifiedError(frame: Frame): void;
  onRefused(refusal: Refusal, at: number): void;
  /** The last call. */
  onEnd(end: LinkEnd): void;
}

/** Options of {@linkcode Link}. */
export interface LinkOptions {
  channel: Channel;
  ed25519: Ed25519;
  key: SigningKey;
  now: () => number;
  features: readonly Feature[];
  /** Our name on the wire, and the peer's as far as it is known. */
  from: string;
  to: string;
  /** What `to` of a frame for us may say beside `*`. */
  names: readonly string[];
  maxAgeMs?: number;
  queue: { readonly frames: number; readonly bytes: number };
  /**
   * What becomes of frames that came before the channel closed and still wait: a visitor reads the
   * end of its answer, a Host has nobody left to answer.
   */
  atClose: "read them" | "drop them";
  role: LinkRole;
}

/**
 * What a session is in both roles: a channel with an outbox and an inbox, acknowledgements, pings
 * and one end.
 */
export class Link {
  readonly #channel: Channel;
  readonly #now: () => number;
  readonly #role: LinkRole;
  readonly #atClose: LinkOptions["atClose"];
  readonly #ownFeatures: ReadonlySet<string>;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #keepalive: Keepalive;
  readonly #expectedAcks = new Map<string, () => void>();
  #peerFeatures: ReadonlySet<string> = new Set();
  #ended = false;

  constructor(options: LinkOptions) {
    const { channel, ed25519, key, from, to, names, maxAgeMs, queue, role, now } = options;
    this.#channel = channel;
    this.#now = now;
    this.#role = role;
    this.#atClose = options.atClose;
    this.#ownFeatures = new Set(options.features);
    this.#keepalive = new Keepalive(now());
    this.#outbox = new Outbox({
      channel,
      key,
      from,
      to,
      now,
      onFailure: (reason) => this.end({ code: "channel_failed", reason }),
    });
    this.#inbox = new Inbox({
      ed25519,
      names,
      maxAgeMs,
      now,
      queue,
      owner: {
        onHello: (frame, hex, at) => {
          this.#keepalive.heard(at);
          return role.onHello(frame, hex, at);
        },
        onFrame: (frame, at) => this.#onFrame(frame, at),
        onUnverifiedError: (frame) => role.onUnverifiedError(frame),
        onRefused: (refusal, at) => role.onRefused(refusal, at),
        onFault: (error) => this.end({ code: "internal", reason: errorMessage(error) }),
        onOverflow: () =>
          this.fatal("rate_limited", "Cannot go on: frames come faster than they can be read"),
      },
    });
  }

  /** Whether the session is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Begins to read. Our own hello should be on its way by then. */
  listen(): void {
    this.#channel.onClose((reason) => {
      if (this.#atClose === "drop them") this.end({ reason });
      else this.#inbox.drain(() => this.end({ reason }));
    });
    this.#channel.onMessage((text) => this.#inbox.receive(text));
  }

  /** What the peer's hello said: its name on the wire, and its features. */
  meet(name: string, features: ReadonlySet<string>): void {
    this.#outbox.addressTo(name);
    this.#peerFeatures = features;
  }

  /** Whether both sides understand a feature. */
  uses(feature: Feature): boolean {
    return this.#ownFeatures.has(feature) && this.#peerFeatures.has(feature);
  }

  /** Sends a frame and returns its `msg_id`. Throws `too_large`; after the end it does nothing. */
  send(draft: Draft): string {
    return this.#outbox.send(draft);
  }

  /** Calls `reached` when the peer acknowledges a frame of ours. */
  expectAck(msgId: string, reached: () => void): void {
    this.#expectedAcks.set(msgId, reached);
    if (this.#expectedAcks.size <= MAX_EXPECTED_ACKS) return;
    for (const oldest of this.#expectedAcks.keys()) { // a map iterates in the order of insertion
      this.#expectedAcks.delete(oldest);
      break;
    }
  }

  /** Acknowledges a frame of the peer's. */
  acknowledge(frame: Frame): void {
    if (frame.msg_id.length > MAX_ID_CHARS) return; // nobody waits for an answer as long as that
    this.send({ topic: TOPICS.ack, payload: { ok: true }, dartc: { ack_for: frame.msg_id } });
  }

  /** Sends a `dartc.error`. */
  error(code: string, message: string, requestId?: string, ends?: "fatal"): void {
    this.send({
      topic: TOPICS.error,
      payload: {
        code,
        message: message.slice(0, MAX_ERROR_CHARS),
        request_id: requestId,
        fatal: ends === undefined ? undefined : true,
      },
    });
  }

  /** Says why, and ends. */
  fatal(code: string, message: string, requestId?: string): void {
    if (this.#ended) return;
    this.error(code, message, requestId, "fatal");
    this.end({ code, reason: message });
  }

  /** Undefined while more can be sent, else a promise that settles when it can, or all is over. */
  writable(): Promise<void> | undefined {
    return this.#ended ? undefined : this.#outbox.writable();
  }

  /** Calls the owner of the session; what it throws ends the session, and nothing else. */
  tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.end({
        code: "handler_failed",
        reason: `an event handler threw: ${errorMessage(error)}`,
      });
    }
  }

  /** Pings a silent peer, gives up one that is gone. To be called about every second. */
  tick(): void {
    if (this.#ended) return;
    const now = this.#now();
    if (this.#outbox.isStalled(now)) {
      this.end({ code: "peer_stalled", reason: "the other side takes nothing of what it is sent" });
      return;
    }
    if (!this.uses("dartc.ping")) return;
    const step = this.#keepalive.tick(now);
    if (step === "close") {
      this.end({ code: "peer_silent", reason: "the other side does not answer any more" });
    } else if (step === "ping") {
      this.expectAck(this.send({ topic: TOPICS.ping, payload: {} }), () => {});
    }
  }

  /** A plain close: a goodbye where the peer understands it, then the channel. */
  close(reason: string): void {
    if (this.#ended) return;
    if (this.uses("dartc.close")) this.send({ topic: TOPICS.close, payload: { reason } });
    this.end({ reason });
  }

  /** Nothing more is read; what was sent goes out; the channel closes. */
  end(end: LinkEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#inbox.close();
    this.#outbox.close(end.reason);
    this.#expectedAcks.clear();
    try {
      this.#role.onEnd(end);
    } catch {
      // The owner was told of the end, and there is nothing left that its error could end.
    }
  }

  #onFrame(frame: Frame, at: number): MaybePromise<void> {
    this.#keepalive.heard(at);
    if (!this.#settleAck(frame) && !this.#role.admit(at)) return;
    if (frame.topic === TOPICS.ping) return this.acknowledge(frame);
    if (frame.topic === TOPICS.close) return this.end({ reason: farewell(frame) });
    return andThen(this.#role.onFrame(frame, at), () => {
      const wantsAck = frame.dartc?.requires_ack === true && frame.topic !== TOPICS.ack;
      if (wantsAck && !this.#ended) this.acknowledge(frame);
    });
  }

  /** Whether a frame is an acknowledgement that we count on; such ones are within every budget. */
  #settleAck(frame: Frame): boolean {
    const ackFor = frame.topic === TOPICS.ack ? frame.dartc?.ack_for : undefined;
    const reached = ackFor === undefined ? undefined : this.#expectedAcks.get(ackFor);
    if (ackFor === undefined || reached === undefined) return false;
    this.#expectedAcks.delete(ackFor);
    reached();
    return true;
  }
}

function farewell(frame: Frame): string {
  const reason = isObject(frame.payload) ? stringOrUndefined(frame.payload.reason) : undefined;
  return (reason ?? "the other side said goodbye").slice(0, MAX_ERROR_CHARS);
}

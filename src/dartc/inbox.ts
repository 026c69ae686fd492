import type { Ed25519, VerifyingKey } from "../core/mod.ts";
import type { MaybePromise } from "../base/mod.ts";
import { DartcError } from "./error_code.ts";
import type { Frame } from "./frame.ts";
import { helloKey } from "./hello.ts";
import { InOrder } from "./in_order.ts";
import { MAX_CLOCK_SKEW_MS, REPLAY_WINDOW } from "./limits.ts";
import { andThen, orElse } from "./maybe.ts";
import { parseFrame } from "./parse_frame.ts";
import { ReplayWindow } from "./replay_window.ts";
import { TOPICS } from "./topics.ts";
import { badSignature, signatureHolds, verifyingKeyOf } from "./verify_frame.ts";

/** A frame that is not read. */
export interface Refusal {
  readonly error: DartcError;
  /** Whether the protocol says that it ends the session, on either side. */
  readonly fatal: boolean;
}

/** Who takes what an {@linkcode Inbox} has checked, one after another. */
export interface InboxOwner {
  /** The peer's first valid hello, and the key that it names. Later frames wait for the answer. */
  onHello(frame: Frame, publicKeyHex: string, at: number): MaybePromise<void>;
  /** Any later frame that passed checks 1 to 5. */
  onFrame(frame: Frame, at: number): MaybePromise<void>;
  /** A `dartc.error` before the peer's hello, which nobody signed for. */
  onUnverifiedError(frame: Frame): void;
  onRefused(refusal: Refusal, at: number): void;
  /** More waits than the queue may hold. */
  onOverflow(): void;
  /** Taking a message failed for a reason that is no message's: the session cannot go on. */
  onFault(error: unknown): void;
}

/** Options of {@linkcode Inbox}. */
export interface InboxOptions {
  ed25519: Ed25519;
  /** What `to` may say beside `*`. */
  names: readonly string[];
  /**
   * How far a frame may be from now, in milliseconds. A visitor has no such rule: its page may have
   * slept.
   * @default no limit
   */
  maxAgeMs?: number;
  now: () => number;
  queue: { readonly frames: number; readonly bytes: number };
  owner: InboxOwner;
}

/** A message with what could be said of it before its turn. */
interface Message {
  readonly at: number;
  readonly size: number;
  readonly content: Frame | DartcError;
  /** Undefined where the peer's key was not known yet. */
  readonly holds?: boolean;
}

/** The end of what came. */
interface Drained {
  readonly reached: () => void;
}

interface Peer {
  readonly hex: string;
  readonly key: VerifyingKey;
  readonly clockOffset: number;
}

/**
 * Reads a session's messages: checks 1 to 5 of dartc.md, "What a receiver checks on every frame",
 * in that order and in the order in which the messages came, in bounded memory.
 *
 * Once the peer's key is known a signature is looked at as soon as its frame is there, so that an
 * asynchronous adapter works on several at once; what follows waits for its turn.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #lane = new InOrder<Message | Drained>((arrived) =>
    "reached" in arrived
      ? arrived.reached()
      : orElse(() => this.#take(arrived), (error) => this.#options.owner.onFault(error))
  );
  readonly #replay = new ReplayWindow(REPLAY_WINDOW);
  #bytes = 0;
  #peer: Peer | undefined;
  #closed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Takes one text message from the channel. */
  receive(text: string): void {
    if (this.#closed) return;
    const { queue, owner, now } = this.#options;
    if (this.#lane.length >= queue.frames || this.#bytes + text.length > queue.bytes) {
      owner.onOverflow();
      return;
    }
    this.#bytes += text.length;
    this.#lane.push(this.#inspect(text, now()));
  }

  /** Calls `reached` when everything that came has had its turn. */
  drain(reached: () => void): void {
    this.#lane.push({ reached });
  }

  /** Nothing more is read, what waits included. */
  close(): void {
    this.#closed = true;
  }

  #inspect(text: string, at: number): MaybePromise<Message> {
    const size = text.length;
    let content: Frame;
    try {
      content = parseFrame(text);
    } catch (error) {
      return { at, size, content: asDartcError(error) };
    }
    if (this.#peer === undefined) return { at, size, content };
    return andThen(holdsOrNot(content, this.#peer.key), (holds) => ({ at, size, content, holds }));
  }

  #take({ at, size, content, holds }: Message): MaybePromise<void> {
    this.#bytes -= size;
    if (this.#closed) return;
    if (content instanceof DartcError) return this.#refuse(content, at);
    if (this.#peer === undefined) return this.#takeFirst(content, at);
    const { key } = this.#peer;
    return andThen(
      holds ?? holdsOrNot(content, key),
      (holds) => this.#takeNext(content, holds, at),
    );
  }

  /** Before the peer's hello only that, and a farewell, are read. */
  #takeFirst(frame: Frame, at: number): MaybePromise<void> {
    if (frame.topic === TOPICS.error) return this.#options.owner.onUnverifiedError(frame);
    if (frame.topic !== TOPICS.hello) {
      const why = "Cannot accept the frame: it came before the hello";
      return this.#refuse(new DartcError("invalid_frame", why), at, "fatal");
    }
    const hex = helloKey(frame);
    if (hex === undefined) return this.#refuse(badSignature(), at);
    return andThen(verifyingKeyOf(hex, this.#options.ed25519), (key) => {
      if (key === undefined) return this.#refuse(badSignature(), at);
      return andThen(
        holdsOrNot(frame, key),
        (holds) => this.#takeHello(frame, hex, key, holds, at),
      );
    });
  }

  #takeHello(
    frame: Frame,
    hex: string,
    key: VerifyingKey,
    holds: boolean,
    at: number,
  ): MaybePromise<void> {
    if (this.#closed) return;
    if (!holds) return this.#refuse(badSignature(), at);
    if (!this.#isForUs(frame)) return this.#refuse(wrongRecipient(), at);
    const clockOffset = frame.timestamp - at;
    if (Math.abs(clockOffset) > MAX_CLOCK_SKEW_MS) {
      const why = "Cannot accept the hello: the clocks of both sides are over a day apart";
      return this.#refuse(new DartcError("stale_frame", why), at, "fatal");
    }
    this.#replay.admit(frame.msg_id);
    this.#peer = { hex, key, clockOffset };
    return this.#options.owner.onHello(frame, hex, at);
  }

  #takeNext(frame: Frame, holds: boolean, at: number): MaybePromise<void> {
    const { owner, maxAgeMs } = this.#options;
    const peer = this.#peer;
    if (this.#closed || peer === undefined) return;
    if (frame.topic === TOPICS.hello && helloKey(frame) !== peer.hex) {
      return this.#refuse(badSignature(), at, "fatal"); // another key in the middle of a session
    }
    if (!holds) return this.#refuse(badSignature(), at);
    if (!this.#isForUs(frame)) return this.#refuse(wrongRecipient(), at);
    const age = Math.abs(at - (frame.timestamp - peer.clockOffset));
    if (maxAgeMs !== undefined && age > maxAgeMs) {
      const why = "Cannot accept the frame: it is not of this minute";
      return this.#refuse(new DartcError("stale_frame", why), at);
    }
    if (!this.#replay.admit(frame.msg_id)) {
      const why = "Cannot accept the frame: it was here before";
      return this.#refuse(new DartcError("replayed_frame", why), at);
    }
    return owner.onFrame(frame, at);
  }

  #isForUs({ to }: Frame): boolean {
    return to === "*" || this.#options.names.includes(to);
  }

  #refuse(error: DartcError, at: number, ends?: "fatal"): void {
    this.#options.owner.onRefused({ error, fatal: ends === "fatal" }, at);
  }
}

function holdsOrNot(frame: Frame, key: VerifyingKey): MaybePromise<boolean> {
  return orElse(() => signatureHolds(frame, key), () => false);
}

function wrongRecipient(): DartcError {
  return new DartcError("wrong_recipient", "Cannot accept the frame: it is for somebody else");
}

/** Whatever reading a hostile text may throw (a stack that is too small, say) is a bad frame. */
function asDartcError(error: unknown): DartcError {
  if (error instanceof DartcError) return error;
  return new DartcError("invalid_frame", "Cannot read the frame", { cause: error });
}

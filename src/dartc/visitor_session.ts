import { CodedError, toHex } from "../base/mod.ts";
import { defaultEd25519, type Ed25519, type SigningKey } from "../core/mod.ts";
import { readAgentCard, visitorCard } from "./agent_card.ts";
import { Answers } from "./answers.ts";
import { chatRequestPayload, isRequestId } from "./chat_request.ts";
import { readDone, readError } from "./control_payloads.ts";
import { SUPPORTED_FEATURES } from "./features.ts";
import type { Frame } from "./frame.ts";
import { helloPayload, readHello } from "./hello.ts";
import type { Refusal } from "./inbox.ts";
import {
  ACK_EVERY_CHUNKS,
  MAX_BAD_FRAMES_IN_A_ROW,
  VISITOR_QUEUE_BYTES,
  VISITOR_QUEUE_FRAMES,
} from "./limits.ts";
import { Link, type LinkEnd } from "./link.ts";
import { ReadyGate } from "./ready_gate.ts";
import type { PeerInfo, VisitorEvent } from "./session_events.ts";
import type { VisitorChatRequest, VisitorSessionOptions } from "./session_options.ts";
import { isReservedTopic, TOPICS } from "./topics.ts";
import { type DartcUiEvent, UI_EVENT_SCHEMA } from "./ui_event.ts";
import { readUiEvent } from "./ui_event_parse.ts";
import { uuidv7 } from "./uuidv7.ts";

/**
 * A visitor's side of a DARTC session: asks, and reads what the Host streams back (dartc.md,
 * "Sessions").
 *
 * It reports everything as a {@linkcode VisitorEvent}, has no timer (its owner calls `tick`), and
 * never throws into its channel. Synchronous where its Ed25519 adapter is.
 *
 * The page of this room (`mod.ts`) has an example of both roles.
 */
export class VisitorSession implements Disposable {
  /** This side's session key, 64 lower-case hex digits. */
  readonly publicKeyHex: string;
  readonly #options: VisitorSessionOptions;
  readonly #link: Link;
  readonly #ready = new ReadyGate();
  readonly #answers = new Answers();
  #peer: PeerInfo | undefined;
  #badInARow = 0;

  private constructor(options: VisitorSessionOptions, ed25519: Ed25519, key: SigningKey) {
    this.#options = options;
    this.publicKeyHex = toHex(key.publicKey);
    const name = `visitor:${this.publicKeyHex}`;
    this.#link = new Link({
      channel: options.channel,
      ed25519,
      key,
      now: options.now ?? Date.now,
      features: options.features ?? SUPPORTED_FEATURES,
      from: name,
      to: `pod:${options.podId}:origin`,
      names: [name],
      queue: { frames: VISITOR_QUEUE_FRAMES, bytes: VISITOR_QUEUE_BYTES },
      atClose: "read them",
      role: {
        onHello: (frame, hex) => this.#onHello(frame, hex),
        admit: () => {
          this.#badInARow = 0;
          return true;
        },
        onFrame: (frame) => this.#onFrame(frame),
        onUnverifiedError: (frame) => this.#onError(frame, { verified: false }),
        onRefused: (refusal) => this.#onRefused(refusal),
        onEnd: (end) => this.#onEnd(end),
      },
    });
  }

  /**
   * Makes a session key and says hello at once.
   *
   * Rejects where there is no Ed25519, and with `CodedError` `too_large` for a signed manifest that
   * no frame holds.
   */
  static async open(options: VisitorSessionOptions): Promise<VisitorSession> {
    const ed25519 = options.ed25519 ?? await defaultEd25519();
    const made = ed25519.generate();
    const session = new VisitorSession(
      options,
      ed25519,
      made instanceof Promise ? await made : made, // a promise is waited for, nothing else is
    );
    session.#sayHello();
    return session;
  }

  /** What the Host's hello said; undefined before it. */
  get peer(): PeerInfo | undefined {
    return this.#peer;
  }

  /** `ready` from the Host's hello and card on. */
  get state(): "opening" | "ready" | "closed" {
    return this.#ready.state;
  }

  /** Settles when the session is ready. Rejects with what ended it, or with the signal's reason. */
  ready(signal?: AbortSignal): Promise<void> {
    return this.#ready.wait(signal);
  }

  /**
   * Asks, and returns the id under which the answer comes.
   *
   * Throws `CodedError`: `closed` or `not_ready` by the session's state, `too_large` for a question
   * that no frame holds, `rate_limited` with too many answers open, `bad_chat_request` else.
   */
  chat(request: VisitorChatRequest): string {
    const { requestId = uuidv7(), conversationId = this.#options.conversationId } = request;
    if (this.state !== "ready") {
      const code = this.state === "closed" ? "closed" : "not_ready";
      throw new CodedError(code, `Cannot ask: the session is ${this.state}`);
    }
    if (!isRequestId(requestId) || this.#answers.has(requestId)) {
      throw new CodedError("bad_chat_request", "Cannot ask: the request id is taken, or none");
    }
    if (this.#answers.full) {
      throw new CodedError("rate_limited", "Cannot ask: too many answers are on their way");
    }
    const payload = chatRequestPayload({ ...request, requestId, conversationId });
    this.#answers.open(requestId);
    this.#link.send({ topic: TOPICS.chatRequest, payload, dartc: { stream: true } });
    return requestId;
  }

  /**
   * Asks the Host to stop an answer; false where it cannot be asked, or there is no such answer. What
   * a Host that cannot be asked still says of it is not read as an answer any more.
   */
  cancel(requestId: string): boolean {
    if (!this.#answers.has(requestId)) return false;
    if (!this.#link.uses("chat.cancel")) {
      this.#answers.close(requestId);
      return false;
    }
    this.#link.send({ topic: TOPICS.chatCancel, payload: { request_id: requestId } });
    return true;
  }

  /** Sends a UI event to the Host. Throws `CodedError` `too_large`. */
  sendUiEvent(event: DartcUiEvent): void {
    this.#link.send({ topic: TOPICS.uiEvent, payload: { schema: UI_EVENT_SCHEMA, event } });
  }

  /** Sends on a topic of the application's. Throws `CodedError` `bad_topic` or `too_large`. */
  publish(topic: string, payload: unknown): void {
    if (isReservedTopic(topic)) {
      throw new CodedError("bad_topic", `Cannot publish on ${topic}: it is the protocol's own`);
    }
    this.#link.send({ topic, payload });
  }

  /** To be called about every second: pings a silent Host, gives up one that is gone. */
  tick(): void {
    this.#link.tick();
  }

  /** Says goodbye and closes the channel. */
  close(reason = "the visitor left"): void {
    this.#link.close(reason);
  }

  /** The same. */
  [Symbol.dispose](): void {
    this.close();
  }

  #sayHello(): void {
    const { podId, conversationId, signedManifestB64, features } = this.#options;
    this.#link.send({
      topic: TOPICS.hello,
      payload: helloPayload({
        role: "visitor",
        podId,
        publicKeyHex: this.publicKeyHex,
        features: features ?? SUPPORTED_FEATURES,
        conversationId,
        signedManifestB64,
      }),
      dartc: { requires_ack: true },
    });
    this.#link.listen();
  }

  #onHello(frame: Frame, publicKeyHex: string): void {
    const hello = readHello(frame.payload, publicKeyHex);
    if (typeof hello === "string") {
      this.#link.fatal("invalid_frame", `Cannot accept the hello: ${hello}`);
      return;
    }
    this.#badInARow = 0;
    const { role, podId, features, supportedTopics } = hello;
    this.#peer = { publicKeyHex, role, podId, features, supportedTopics };
    this.#link.meet(`pod:${this.#options.podId}:origin`, features);
    this.#link.acknowledge(frame);
    const card = { kind: "AgentCard", card: visitorCard(this.#options.name) };
    this.#link.send({ topic: TOPICS.discovery, payload: card, a2a: card });
    this.#emit({ type: "hello", peer: this.#peer });
  }

  #onFrame(frame: Frame): void {
    switch (frame.topic) {
      case TOPICS.hello:
        return; // said twice with the same key: nothing new
      case TOPICS.ack:
        return this.#emit({
          type: "ack",
          ackFor: frame.dartc?.ack_for ?? "",
          payload: frame.payload,
        });
      case TOPICS.error:
        return this.#onError(frame, { verified: true });
      case TOPICS.discovery:
        return this.#onDiscovery(frame);
      case TOPICS.uiEvent:
        return this.#onUiEvent(frame);
      case TOPICS.chatDelta:
        return this.#onDelta(frame);
      case TOPICS.chatDone:
        return this.#onDone(frame);
      default:
        return this.#emit({ type: "frame", frame });
    }
  }

  #onDiscovery(frame: Frame): void {
    const card = readAgentCard(frame.payload, frame.a2a);
    if (card === undefined) return this.#reportMalformed("the Agent Card cannot be read");
    this.#emit({ type: "card", card });
    if (this.#ready.open()) this.#emit({ type: "ready" });
  }

  #onUiEvent(frame: Frame): void {
    const read = readUiEvent(frame.payload, this.#options.conversationId ?? "");
    const chunkId = frame.dartc?.chunk_id;
    switch (read.kind) {
      case "foreign":
        return;
      case "malformed":
        return this.#reportMalformed(read.why);
      case "unknown":
        return this.#emit({ type: "ui_unknown", event: read.event });
      case "known": {
        const piece = this.#answers.ofUiEvent(read.event);
        this.#emit({ type: "ui", event: read.event, chunkId });
        if (piece !== undefined) this.#emit({ type: "delta", ...piece, chunkId });
        const isChunk = read.event.type === "TEXT_MESSAGE_CONTENT" && chunkId !== undefined;
        const isDue = isChunk && chunkId % ACK_EVERY_CHUNKS === 0 && this.#link.uses("flow.ack");
        // Now that the page has taken it (dartc.md, "Features").
        if (isDue && !this.#link.ended) this.#link.acknowledge(frame);
        return;
      }
      default:
        read satisfies never;
    }
  }

  #onDelta(frame: Frame): void {
    const piece = this.#answers.ofChatDelta(frame.payload);
    if (piece !== undefined) {
      this.#emit({ type: "delta", ...piece, chunkId: frame.dartc?.chunk_id });
    }
  }

  #onDone(frame: Frame): void {
    const done = readDone(frame.payload);
    if (done !== undefined && this.#answers.close(done.requestId)) {
      this.#emit({ type: "done", ...done });
    }
  }

  #onError(frame: Frame, { verified }: { verified: boolean }): void {
    const { code, message, requestId, fatal } = readError(frame.payload);
    if (requestId !== undefined) this.#answers.close(requestId);
    const ends = fatal || !verified;
    this.#emit({ type: "error", code, message, requestId, fatal: ends, verified });
    if (ends) this.#link.end({ code, reason: message });
  }

  #onRefused({ error: { code, message }, fatal }: Refusal): void {
    this.#badInARow++;
    this.#emit({ type: "bad_frame", code, message, inARow: this.#badInARow });
    if (fatal) this.#link.fatal(code, message);
    else if (this.#badInARow >= MAX_BAD_FRAMES_IN_A_ROW) {
      this.#link.end({ code, reason: `${this.#badInARow} bad frames in a row: ${message}` });
    }
  }

  /** What is wrong is inside a frame that was signed by the Host: a mistake, no attack. */
  #reportMalformed(why: string): void {
    const message = `Cannot read what the Host sent: ${why}`;
    this.#emit({ type: "bad_frame", code: "invalid_frame", message, inARow: 0 });
  }

  #onEnd({ code, reason }: LinkEnd): void {
    this.#ready.close(new CodedError(code ?? "closed", reason));
    this.#options.onEvent({ type: "closed", code, reason }, this);
  }

  #emit(event: VisitorEvent): void {
    if (this.#link.ended) return;
    this.#link.tell(() => this.#options.onEvent(event, this));
  }
}

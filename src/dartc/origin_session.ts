import { CodedError, type MaybePromise, toHex } from "../base/mod.ts";
import { defaultEd25519, type Ed25519, type SigningKey } from "../core/mod.ts";
import { readAgentCard } from "./agent_card.ts";
import { ChatDesk } from "./chat_desk.ts";
import { type ReadChatRequest, requestIdOf } from "./chat_request.ts";
import { readError } from "./control_payloads.ts";
import type { DartcErrorCode } from "./error_code.ts";
import { SUPPORTED_FEATURES } from "./features.ts";
import type { DartcMeta, Frame } from "./frame.ts";
import { type Hello, helloPayload, readHello } from "./hello.ts";
import type { Refusal } from "./inbox.ts";
import {
  HELLO_WAIT_MS,
  MAX_FRAME_AGE_MS,
  ORIGIN_QUEUE_BYTES,
  ORIGIN_QUEUE_FRAMES,
} from "./limits.ts";
import { Link, type LinkEnd } from "./link.ts";
import { type CheckedManifest, ManifestGate } from "./manifest_gate.ts";
import { andThen } from "./maybe.ts";
import { refusalOf, replayHistory, sendCard } from "./origin_welcome.ts";
import { DEFAULT_RATE_LIMITS, FrameRate } from "./rate_limit.ts";
import { RunFrames } from "./run_frames.ts";
import type { RunWriter } from "./run_writer.ts";
import type { OriginEvent, VisitorInfo } from "./session_events.ts";
import type { OriginSessionOptions, RunRequest } from "./session_options.ts";
import { isReservedTopic, topicMatches, TOPICS } from "./topics.ts";
import { type DartcUiEvent, UI_EVENT_SCHEMA } from "./ui_event.ts";
import { readUiEvent } from "./ui_event_parse.ts";
import { uuidv7 } from "./uuidv7.ts";

/** What a `dartc.error` is about. */
export interface ErrorScope {
  /** The chat request that failed; it is over then. */
  requestId?: string;
  /**
   * Whether the session ends with it.
   * @default false
   */
  fatal?: boolean;
}

/**
 * A Host's side of a DARTC session with one visitor: checks what it sends, and writes runs
 * (dartc.md, "Sessions").
 *
 * It reports everything as an {@linkcode OriginEvent}, has no timer (its owner calls `tick`), and
 * never throws into its channel. Synchronous where its Ed25519 adapter is, but for manifests and
 * histories that are promised. `M` is what `verifyManifest` gives.
 *
 * The page of this room (`mod.ts`) has an example of both roles.
 */
export class OriginSession<M = unknown> implements Disposable {
  /** This side's session key, 64 lower-case hex digits. */
  readonly publicKeyHex: string;
  readonly #options: OriginSessionOptions<M>;
  readonly #link: Link;
  readonly #gate: ManifestGate<M>;
  readonly #rate: FrameRate;
  readonly #desk: ChatDesk;
  readonly #runs = new Map<string, RunFrames>();
  readonly #now: () => number;
  readonly #openedAt: number;
  #visitor: VisitorInfo<M> | undefined;
  #ended = false;
  #overBudget = false;
  #ownConversationId: string | undefined;

  private constructor(options: OriginSessionOptions<M>, ed25519: Ed25519, key: SigningKey) {
    this.#options = options;
    this.publicKeyHex = toHex(key.publicKey);
    this.#now = options.now ?? Date.now;
    this.#openedAt = this.#now();
    const { podId, ownerPubkey, rate = DEFAULT_RATE_LIMITS } = options;
    this.#rate = new FrameRate(rate);
    this.#desk = new ChatDesk(rate);
    this.#gate = new ManifestGate({
      podId,
      ownerPubkey,
      verifyManifest: (signed) => options.verifyManifest(signed),
    });
    const name = `origin:${this.publicKeyHex}`;
    this.#link = new Link({
      channel: options.channel,
      ed25519,
      key,
      now: this.#now,
      features: options.features ?? SUPPORTED_FEATURES,
      from: name,
      to: "*",
      names: [name, `pod:${podId}:origin`],
      maxAgeMs: MAX_FRAME_AGE_MS,
      queue: { frames: ORIGIN_QUEUE_FRAMES, bytes: ORIGIN_QUEUE_BYTES },
      atClose: "drop them",
      role: {
        onHello: (frame, hex) => this.#onHello(frame, hex),
        admit: (at) => this.#admit(at),
        onFrame: (frame) => this.#onFrame(frame),
        onUnverifiedError: (frame) => this.#onError(frame, "fatal"),
        onRefused: (refusal, at) => this.#onRefused(refusal, at),
        onEnd: (end) => this.#onEnd(end),
      },
    });
  }

  /** Makes a session key and says hello at once. Rejects where there is no Ed25519. */
  static async open<M>(options: OriginSessionOptions<M>): Promise<OriginSession<M>> {
    const ed25519 = options.ed25519 ?? await defaultEd25519();
    const made = ed25519.generate();
    const session = new OriginSession(
      options,
      ed25519,
      made instanceof Promise ? await made : made, // a promise is waited for, nothing else is
    );
    session.#sayHello();
    return session;
  }

  /** Who is there; undefined until its hello and manifest have been checked. */
  get visitor(): VisitorInfo<M> | undefined {
    return this.#visitor;
  }

  /** `ready` from the visitor's accepted hello on. */
  get state(): "opening" | "ready" | "closed" {
    if (this.#ended) return "closed";
    return this.#visitor === undefined ? "opening" : "ready";
  }

  /** Begins to answer a chat request. */
  run(request: RunRequest): RunWriter {
    const { requestId } = request;
    const run = new RunFrames({
      link: this.#link,
      request,
      onOver: () => {
        this.#runs.delete(requestId);
        this.#desk.close(requestId);
      },
    });
    if (!this.#ended) this.#runs.set(requestId, run);
    return run;
  }

  /** Sends a UI event outside a run. Throws `CodedError` `too_large`. */
  sendUiEvent(event: DartcUiEvent, meta?: DartcMeta): void {
    const payload = { event, schema: UI_EVENT_SCHEMA };
    this.#link.send({ topic: TOPICS.uiEvent, payload, dartc: meta });
  }

  /** Sends on a topic of the application's. Throws `CodedError` `bad_topic` or `too_large`. */
  publish(topic: string, payload: unknown): void {
    if (isReservedTopic(topic)) {
      throw new CodedError("bad_topic", `Cannot publish on ${topic}: it is the protocol's own`);
    }
    this.#link.send({ topic, payload });
  }

  /** Sends a `dartc.error`. `message` is for people: no path, no stack, no key, no prompt. */
  error(code: DartcErrorCode, message: string, scope: ErrorScope = {}): void {
    const { requestId, fatal = false } = scope;
    if (requestId !== undefined) this.#desk.close(requestId);
    if (fatal) this.#link.fatal(code, message, requestId);
    else this.#link.error(code, message, requestId);
  }

  /** To be called about every second: pings a silent visitor, gives up one that is gone. */
  tick(): void {
    this.#link.tick();
    const now = this.#now();
    if (this.state === "opening" && now - this.#openedAt >= HELLO_WAIT_MS) {
      this.#link.end({ code: "no_hello", reason: "the visitor never said who it is" });
      return;
    }
    for (const run of this.#runs.values()) {
      if (!run.isStalled(now)) continue;
      this.#link.end({ code: "peer_stalled", reason: "the visitor's page takes nothing" });
      return;
    }
  }

  /** Says goodbye and closes the channel. */
  close(reason = "the Host closed the session"): void {
    this.#link.close(reason);
  }

  /** The same. */
  [Symbol.dispose](): void {
    this.close();
  }

  #sayHello(): void {
    const { podId, features = SUPPORTED_FEATURES, topics } = this.#options;
    const { publicKeyHex } = this;
    this.#link.send({
      topic: TOPICS.hello,
      payload: helloPayload({ role: "origin", podId, publicKeyHex, features, topics }),
      dartc: { requires_ack: true },
    });
    this.#link.listen();
  }

  #onHello(frame: Frame, publicKeyHex: string): MaybePromise<void> {
    const hello = readHello(frame.payload, publicKeyHex);
    if (typeof hello === "string") {
      return this.#end("invalid_frame", `Cannot accept the hello: ${hello}`);
    }
    const wrong = refusalOf(hello, this.#options.podId);
    if (wrong !== undefined) return this.#end(wrong.code, wrong.message);
    return andThen(
      this.#gate.check(hello.signedManifestB64),
      (checked) => this.#welcome(frame, hello, checked),
    );
  }

  #welcome(frame: Frame, hello: Hello, checked: CheckedManifest<M>): MaybePromise<void> {
    if (this.#ended) return;
    const { refusal, manifest } = checked;
    if (refusal !== undefined) return this.#end(refusal.code, refusal.message);
    this.#visitor = { ...hello, manifest };
    this.#link.meet(`visitor:${hello.publicKeyHex}`, hello.features);
    this.#link.acknowledge(frame);
    this.#link.tell(() => sendCard(this.#link, this.#options.card(manifest)));
    this.#emit({ type: "hello", visitor: this.#visitor });
    return replayHistory({
      conversationId: hello.conversationId,
      history: (conversationId) => this.#options.history?.(conversationId),
      tell: (event) => {
        if (!this.#ended) this.sendUiEvent(event);
      },
    });
  }

  #admit(at: number): boolean {
    if (this.#rate.admit(at)) return true;
    this.#rateLimited("Slow down: more frames than the budget allows");
    return false;
  }

  /** Said once; the second time it ends the session. */
  #rateLimited(message: string, requestId?: string): void {
    if (this.#overBudget) return this.#end("rate_limited", message, requestId);
    this.#overBudget = true;
    this.#refuse("rate_limited", message, requestId);
  }

  #onFrame(frame: Frame): MaybePromise<void> {
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
        return this.#onError(frame);
      case TOPICS.discovery:
        return this.#onDiscovery(frame);
      case TOPICS.chatRequest:
        return this.#onChat(frame);
      case TOPICS.chatCancel:
        return this.#onCancel(frame);
      case TOPICS.uiEvent:
        return this.#onUiEvent(frame);
      default:
        return this.#onOtherTopic(frame);
    }
  }

  #onChat(frame: Frame): MaybePromise<void> {
    const intake = this.#desk.receive(frame.payload);
    switch (intake.kind) {
      case "bad":
        return this.#refuse("bad_chat_request", intake.message, intake.requestId);
      case "over_budget":
        return this.#rateLimited(intake.message, intake.requestId);
      case "request":
        return andThen(
          this.#gate.check(intake.request.signedManifestB64),
          (checked) => this.#ask(intake.request, checked),
        );
      default:
        intake satisfies never;
    }
  }

  #ask(request: ReadChatRequest, { refusal, manifest }: CheckedManifest<M>): void {
    const { requestId, model, messages } = request;
    if (refusal !== undefined) {
      this.#desk.close(requestId);
      return this.#refuse(refusal.code, refusal.message, requestId);
    }
    const conversationId = request.conversationId ?? this.#visitor?.conversationId ??
      (this.#ownConversationId ??= shortId());
    this.#emit({
      type: "chat",
      request: {
        requestId,
        conversationId,
        model,
        messages,
        manifest: manifest ?? this.#visitor?.manifest,
      },
    });
  }

  #onCancel(frame: Frame): void {
    const requestId = requestIdOf(frame.payload);
    if (requestId !== undefined && this.#desk.has(requestId)) {
      this.#emit({ type: "cancel", requestId });
    }
  }

  #onDiscovery(frame: Frame): void {
    const card = readAgentCard(frame.payload, frame.a2a);
    if (card === undefined) this.#refuse("invalid_frame", "Cannot read the Agent Card");
    else this.#emit({ type: "card", card });
  }

  #onUiEvent(frame: Frame): void {
    const read = readUiEvent(frame.payload, this.#visitor?.conversationId ?? "");
    switch (read.kind) {
      case "foreign":
        return;
      case "malformed":
        return this.#refuse("invalid_frame", `Cannot read the UI event: ${read.why}`);
      case "known":
        return this.#emit({ type: "ui", event: read.event });
      case "unknown":
        return this.#emit({ type: "ui_unknown", event: read.event });
      default:
        read satisfies never;
    }
  }

  #onOtherTopic(frame: Frame): void {
    const { topic } = frame;
    const isRead = this.#options.topics?.some((pattern) => topicMatches(pattern, topic)) ?? false;
    if (isRead && !isReservedTopic(topic)) this.#emit({ type: "frame", frame });
    else this.#refuse("unsupported_topic", "This Host does not read that topic");
  }

  #onError(frame: Frame, ends?: "fatal"): void {
    const { code, message, fatal } = readError(frame.payload);
    const isFatal = fatal || ends !== undefined;
    this.#emit({ type: "error", code, message, fatal: isFatal });
    if (isFatal) this.#link.end({ code, reason: message });
  }

  #onRefused({ error: { code, message }, fatal }: Refusal, at: number): void {
    // Before the hello was accepted, and for a foreign signature ever, the first one is the last.
    if (fatal || code === "bad_signature" || this.#visitor === undefined) this.#end(code, message);
    else if (this.#admit(at)) this.#refuse(code, message);
  }

  /** Answers what is not read, and goes on. */
  #refuse(code: DartcErrorCode, message: string, requestId?: string): void {
    if (this.#ended) return;
    this.#link.error(code, message, requestId);
    this.#emit({ type: "refused", code, message, fatal: false });
  }

  /** Answers what is not read, and ends. */
  #end(code: DartcErrorCode, message: string, requestId?: string): void {
    this.#emit({ type: "refused", code, message, fatal: true });
    this.#link.fatal(code, message, requestId);
  }

  #onEnd({ code, reason }: LinkEnd): void {
    this.#ended = true;
    for (const run of this.#runs.values()) run.release();
    this.#runs.clear();
    this.#options.onEvent({ type: "closed", code, reason }, this);
  }

  #emit(event: OriginEvent<M>): void {
    if (this.#ended) return;
    this.#link.tell(() => this.#options.onEvent(event, this));
  }
}

/** Too short for a history that is replayed (host.md, "Conversations"): for this session alone. */
function shortId(): string {
  return `s-${uuidv7().slice(-12)}`;
}

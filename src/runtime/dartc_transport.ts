import { asCodedError, CodedError, errorMessage, orAborted } from "../base/mod.ts";
import type { Ed25519 } from "../core/mod.ts";
import { type Channel, type Frame, type VisitorEvent, VisitorSession } from "../dartc/mod.ts";
import type { DartcConfig, IceServerConfig } from "../pod/mod.ts";
import type { TransportContext } from "./adapter_types.ts";
import { createDeadline, type Deadline } from "./deadline.ts";
import { newRandomId } from "./ids.ts";
import { iceServersOf } from "./ice_servers.ts";
import { CARD_LIMIT_MS, CHANNEL_LIMIT_MS, HELLO_LIMIT_MS, SIGNALING_LIMIT_MS } from "./limits.ts";
import type {
  DartcStage,
  OutgoingEnvelope,
  RuntimeTransport,
  TransportChatRequest,
  TransportStatus,
} from "./transport_types.ts";

/** What {@linkcode OpenChannel} is to open. */
export interface OpenChannelRequest {
  readonly signalUrl: string;
  readonly podId: string;
  /** A name for this attempt that nobody can guess. */
  readonly sessionId: string;
  readonly iceServers: readonly IceServerConfig[];
  /** Gives up: whatever was opened is closed, and the promise rejects with its reason. */
  readonly signal: AbortSignal;
  /** Told of `dartc-offer`, `ice-gathering`, `signaling` (the offer went out). */
  onStage(stage: DartcStage, detail?: string): void;
  /** The Host's answer is there: from now on the time for the channel runs. */
  onAnswered(): void;
}

/** Opens a channel to a Host: WebRTC in a browser, node-datachannel natively, a pair in a test. */
export type OpenChannel = (request: OpenChannelRequest) => Promise<Channel>;

/** Options of {@linkcode createDartcTransport}. */
export interface DartcTransportOptions {
  readonly context: TransportContext;
  readonly openChannel: OpenChannel;
}

/**
 * The `dartc` transport: a channel to the Host, and a signed session on it (runtime.md,
 * "Transports"). Each `connect` makes a new one, with a new key.
 *
 * Throws `CodedError` `not_configured` where the pod has no `transport.dartc`.
 */
export function createDartcTransport(options: DartcTransportOptions): RuntimeTransport {
  const { dartc } = options.context.config.transport;
  if (dartc === undefined) {
    throw new CodedError("not_configured", "Cannot connect: the pod has no transport.dartc");
  }
  return new DartcTransport(options, dartc);
}

class DartcTransport implements RuntimeTransport {
  readonly name = "dartc";
  readonly #context: TransportContext;
  readonly #openChannel: OpenChannel;
  readonly #config: DartcConfig;
  #subscribers: readonly ((frame: Frame) => void)[] = [];
  #state: TransportStatus = "idle";
  #session: VisitorSession | undefined;
  #channel: Channel | undefined;

  constructor(options: DartcTransportOptions, config: DartcConfig) {
    this.#context = options.context;
    this.#openChannel = options.openChannel;
    this.#config = config;
  }

  get state(): TransportStatus {
    return this.#state;
  }

  async connect(signal?: AbortSignal): Promise<void> {
    if (this.#state === "ready") return;
    if (this.#config.requireProof === true) {
      throw new CodedError(
        "proof_unsupported",
        "This pod asks for a proof of its owner, and this runtime cannot check one: update it",
      );
    }
    this.#state = "connecting";
    const deadline = createDeadline(this.#context.clock, signal);
    const keys = this.#keys(); // while the channel opens
    keys.catch(() => {}); // told when it is awaited
    try {
      const channel = await this.#open(deadline);
      const session = await this.#greet(channel, keys, deadline);
      // What came right behind the card may have ended it before we got here: then this rejects.
      if (session.state === "closed") await session.ready();
      this.#state = "ready";
      this.#stage("ready");
    } catch (thrown) {
      this.#state = "error";
      this.#drop("not connected");
      throw thrown;
    } finally {
      deadline.end();
    }
  }

  chat(request: TransportChatRequest): void {
    const { runId, conversationId, messages } = request;
    const { config } = this.#context;
    // A signed manifest names its model to the Host itself.
    const model = request.model ?? (config.signedManifestB64 ? undefined : config.model);
    try {
      this.#ready().chat({
        requestId: runId,
        conversationId,
        messages: messages.map(({ role, content }) => ({ role, content })),
        model,
      });
    } catch (cause) {
      const error = asCodedError(cause, "bad_chat_request", "Cannot send the question");
      this.#context.emit({ type: "failed", runId, error });
    }
  }

  cancel(runId: string): void {
    this.#session?.cancel(runId);
  }

  send(envelope: OutgoingEnvelope): Promise<void> {
    try {
      this.#ready().publish(envelope.topic, envelope.payload);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  subscribe(handler: (envelope: Frame) => void): () => void {
    const own = (frame: Frame) => handler(frame);
    this.#subscribers = [...this.#subscribers, own];
    return () => {
      this.#subscribers = this.#subscribers.filter((other) => other !== own);
    };
  }

  close(): Promise<void> {
    this.#state = "closed";
    this.#drop("visitor left");
    return Promise.resolve();
  }

  abandon(): void {
    this.#state = "closed";
    const channel = this.#channel;
    this.#session = undefined;
    this.#channel = undefined;
    // The session's own close would sign a frame first.
    if (channel?.abandon === undefined) channel?.close();
    else channel.abandon();
  }

  tick(): void {
    this.#session?.tick();
  }

  /** The first half of the ladder: from an offer to an open channel. */
  async #open(deadline: Deadline): Promise<Channel> {
    deadline.phase(
      SIGNALING_LIMIT_MS,
      "signaling_timeout",
      `The pod did not answer within ${SIGNALING_LIMIT_MS / 1000} s`,
    );
    const opening = this.#openChannel({
      signalUrl: this.#config.signalUrl,
      podId: this.#context.podId,
      sessionId: newRandomId(),
      iceServers: iceServersOf(this.#config),
      signal: deadline.signal,
      onStage: (stage, detail) => this.#stage(stage, detail),
      onAnswered: () =>
        deadline.phase(
          CHANNEL_LIMIT_MS,
          "channel_timeout",
          "The pod answered, but no direct connection came about: a firewall may be in the way",
        ),
    });
    const channel = await orAborted(opening, deadline.signal, (late) => late.close());
    this.#stage("data-channel-open");
    return channel;
  }

  /** The second half: hello and card, both ways. */
  async #greet(
    channel: Channel,
    keys: Promise<Ed25519>,
    deadline: Deadline,
  ): Promise<VisitorSession> {
    const context = this.#context;
    this.#channel = channel;
    deadline.phase(
      HELLO_LIMIT_MS,
      "hello_timeout",
      `The pod's Host said nothing within ${HELLO_LIMIT_MS / 1000} s`,
    );
    const onHello = () =>
      deadline.phase(
        CARD_LIMIT_MS,
        "card_timeout",
        `The pod's Host sent no Agent Card within ${CARD_LIMIT_MS / 1000} s`,
      );
    let greeted = false;
    const greet = () => {
      if (!greeted) this.#stage("dartc-hello-sent");
      greeted = true;
    };
    const opening = VisitorSession.open({
      channel,
      ed25519: await orAborted(keys, deadline.signal),
      now: () => context.clock.now(),
      podId: context.podId,
      conversationId: context.conversationId(),
      signedManifestB64: context.config.signedManifestB64,
      onEvent: (event) => {
        if (this.#channel !== channel) return; // of a session that was dropped
        greet(); // a Host may speak before `open` has returned
        this.#onEvent(event, onHello);
      },
    });
    const session = await orAborted(opening, deadline.signal, (late) => late.close());
    this.#session = session;
    greet();
    await session.ready(deadline.signal);
    return session;
  }

  async #keys(): Promise<Ed25519> {
    return await this.#context.crypto.ed25519();
  }

  #onEvent(event: VisitorEvent, onHello: () => void): void {
    const { emit } = this.#context;
    switch (event.type) {
      case "hello":
        this.#stage("signed-frame-verified");
        this.#stage("dartc-origin-hello");
        this.#stage("a2a-card-sent"); // the session sends it in answer to the hello
        return onHello();
      case "card":
        this.#stage("a2a-card-received", event.card.name);
        return emit({ type: "card", card: event.card });
      case "ready":
      case "ack":
        return;
      case "ui":
        return emit({ type: "ui", event: event.event });
      case "ui_unknown":
        return emit({ type: "ui-unknown", event: event.event });
      case "delta":
        return emit({
          type: "delta",
          runId: event.requestId,
          delta: event.delta,
          kind: event.kind,
        });
      case "done":
        return emit({
          type: "done",
          runId: event.requestId,
          ...event.finishReason !== undefined && { finishReason: event.finishReason },
        });
      case "error": {
        const error = new CodedError(event.code, event.message);
        if (event.requestId !== undefined) {
          return emit({ type: "failed", runId: event.requestId, error });
        }
        // A fatal one is followed by `closed`, which has its code.
        return event.fatal ? undefined : emit({ type: "warning", error });
      }
      case "bad_frame":
        return emit({ type: "warning", error: new CodedError(event.code, event.message) });
      case "frame":
        for (const subscriber of this.#subscribers) this.#tell(subscriber, event.frame);
        return;
      case "closed":
        return this.#onClosed(event.code ?? "disconnected", event.reason);
    }
  }

  /** What a subscriber throws is the page's mistake: the session has no part in it. */
  #tell(subscriber: (frame: Frame) => void, frame: Frame): void {
    try {
      subscriber(frame);
    } catch (cause) {
      const message = `A subscriber of ${frame.topic} failed: ${errorMessage(cause)}`;
      const error = new CodedError("handler_failed", message, { cause });
      this.#context.emit({ type: "warning", error });
    }
  }

  #onClosed(code: string, reason: string): void {
    if (this.#state !== "ready") return; // then `connect` rejects, or we closed it ourselves
    this.#state = "closed";
    this.#session = undefined;
    this.#channel = undefined;
    const message = reason === "" ? "The connection to the pod was lost" : reason;
    this.#context.emit({ type: "closed", error: new CodedError(code, message) });
  }

  #drop(reason: string): void {
    const session = this.#session;
    const channel = this.#channel;
    this.#session = undefined;
    this.#channel = undefined;
    if (session === undefined) channel?.close(reason);
    else session.close(reason);
  }

  #ready(): VisitorSession {
    if (this.#session === undefined || this.#state !== "ready") {
      throw new CodedError("disconnected", "Cannot send: the pod is not connected");
    }
    return this.#session;
  }

  #stage(stage: DartcStage, detail?: string): void {
    this.#context.emit({ type: "stage", stage, detail });
  }
}

import { CodedError, errorMessage, type Logger } from "../../base/mod.ts";
import type { Ed25519 } from "../../core/mod.ts";
import { originCard, type VisitorInfo } from "../../dartc/mod.ts";
import { type Manifest, verifyManifest } from "../../pod/mod.ts";
import { acceptOffer } from "../../rtc/mod.ts";
import type { IncomingOffer } from "../../signaling/mod.ts";
import { ConversationMemory } from "../chat/conversation_memory.ts";
import { maxQuestionChars, shortId } from "../chat/run_chat.ts";
import type { EventBus, PodEventBody } from "../event_bus.ts";
import type { Provider } from "../model/provider.ts";
import type { ConversationStore, StoredMessage } from "../store/conversation_store.ts";
import { BrokerLink, type SignalState } from "./broker_link.ts";
import { LocalChat, type LocalChatTaken, type LocalQuestion } from "./local_chat.ts";
import { Peer } from "./peer.ts";
import type { PeerLimit } from "./peer_limit.ts";
import { PodRuns } from "./pod_runs.ts";
import { PodTools } from "./pod_tools.ts";
import type { ServedPod } from "./served_pod.ts";

/**
 * How a pod is. `error`: it is not registered, and `lastError` says why; `paused`: it is listed and
 * refuses visitors until it is resumed.
 */
export type PodStatus = "starting" | "running" | "error" | "stopping" | "stopped" | "paused";

/** A pod as lists show it (host.md, `GET /api/v1/pods`). */
export interface PodInfo {
  readonly id: string;
  readonly name: string;
  readonly dir: string;
  readonly model: string | null;
  readonly signalUrl: string;
  readonly status: PodStatus;
  readonly peers: number;
  readonly lastError: string | null;
  readonly signalState: SignalState;
  readonly signalLastError: string | null;
}

/** What the pods of one Host share. */
export interface PodServices {
  readonly bus: EventBus;
  readonly log: Logger;
  readonly ed25519: Ed25519;
  readonly peerLimit: PeerLimit;
  /** The store, opened at the first call. */
  conversations(): ConversationStore;
}

/** How long runs in flight may go on when a pod is stopped, in milliseconds (host.md). */
const STOP_WITHIN_MS = 3_000;

/** How long a run may take to end once it is stopped, in milliseconds; a turn or two is usual. */
const STOPPED_WITHIN_MS = 1_000;

/**
 * One pod of a Host: its line to the broker, its visitors, its errors. What goes wrong in it
 * touches no other.
 */
export class PodRuntime {
  readonly served: ServedPod;
  readonly #services: PodServices;
  readonly #tools: PodTools;
  readonly #runs: PodRuns;
  readonly #local: LocalChat;
  readonly #link: BrokerLink;
  readonly #peers = new Map<string, Peer>();
  readonly #registered = Promise.withResolvers<void>();
  #status: PodStatus = "starting";
  #ending: Promise<void> | undefined;
  #signalError: string | undefined;
  #lastError: string | undefined;

  constructor(served: ServedPod, provider: Provider, services: PodServices) {
    this.served = served;
    this.#services = services;
    const { bus, log, conversations } = services;
    this.#tools = new PodTools(served, log);
    this.#runs = new PodRuns({ served, provider, tools: this.#tools, bus, log });
    this.#local = new LocalChat({ podId: served.id, runs: this.#runs, conversations, log });
    // Tools are loaded when nobody waits for them: the pod is registered, and has no visitor yet.
    this.#registered.promise.then(
      () => this.#tools.runtime(),
      () => {}, // stopped before, and nobody may be waiting for it
    );
    this.#link = new BrokerLink({
      url: served.signalUrl,
      podId: served.id,
      log: services.log,
      onOffer: (offer) => this.#onOffer(offer),
      onCandidate: (sessionId, candidate) => this.#peers.get(sessionId)?.addCandidate(candidate),
      // A visitor leaves the broker when its channel is open, so this is no reason to let go of it.
      onSessionError: (sessionId, message) =>
        services.log.debug("session_error", { session: shortId(sessionId), message }),
      onState: (state, reason) => this.#onSignal(state, reason),
    });
  }

  get id(): string {
    return this.served.id;
  }

  /** Settles when the pod is registered for the first time; rejects when it is stopped before. */
  get registered(): Promise<void> {
    return this.#registered.promise;
  }

  /** Who is connected. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  /** The pod as lists show it. */
  info(): PodInfo {
    const { id, dir, pod, model, signalUrl } = this.served;
    return {
      id,
      name: pod.name,
      dir,
      model: model ?? null,
      signalUrl,
      status: this.#status,
      peers: this.#peers.size,
      lastError: this.#lastError ?? null,
      signalState: this.#link.state,
      signalLastError: this.#signalError ?? null,
    };
  }

  /** Registers, and serves from then on. */
  start(): void {
    this.#emit({ type: "pod_starting" });
    this.#link.start();
  }

  /** To be called about once a second. */
  tick(): void {
    for (const peer of this.#peers.values()) peer.tick();
  }

  /**
   * Takes a question of the owner's own; the answer comes as events, in a conversation whose id
   * begins with `local:`.
   *
   * Throws {@linkcode CodedError} `not_running`, `bad_chat_request` or `rate_limited`.
   */
  chat(question: LocalQuestion): LocalChatTaken {
    if (this.#status !== "starting" && this.#status !== "running" && this.#status !== "error") {
      throw new CodedError("not_running", `Pod ${this.id} is ${this.#status}: it answers nobody`);
    }
    const limit = maxQuestionChars(this.served.pod);
    if (question.message.length > limit) {
      throw new CodedError("bad_chat_request", `The question is longer than ${limit} characters`);
    }
    return this.#local.ask(question);
  }

  /** What is remembered of one of the owner's own conversations, newest last. */
  localMessages(peerId: string): readonly StoredMessage[] {
    return this.#local.messages(peerId);
  }

  /**
   * Leaves the broker, lets runs in flight finish up to 3 s, says goodbye to the visitors
   * (host.md, "Life of a pod"). Settles when all of it is done, and never rejects.
   *
   * @param as what it is afterwards; a paused pod may be stopped still
   */
  stop(as: "stopped" | "paused" = "stopped"): Promise<void> {
    return this.#ending = (this.#ending ?? this.#leave()).then(() => {
      if (this.#status === as || this.#status === "stopped") return;
      this.#status = as;
      this.#emit({ type: as === "paused" ? "pod_paused" : "pod_stopped" });
    });
  }

  async #leave(): Promise<void> {
    this.#status = "stopping";
    this.#link[Symbol.dispose]();
    this.#registered.reject(new CodedError("stopped", `Pod ${this.id} was stopped`));
    const peers = [...this.#peers.values()];
    const running = [...peers, this.#local];
    const idle = Promise.all(running.map((one) => one.idle()));
    await settledWithin(idle, STOP_WITHIN_MS);
    for (const one of running) one.stopRuns("shutting_down");
    await settledWithin(idle, STOPPED_WITHIN_MS); // a run that hangs all the same is left behind
    await Promise.all(peers.map((peer) => peer.close("the Host is being stopped")));
  }

  #onSignal(state: SignalState, reason: string | undefined): void {
    switch (state) {
      case "connected":
        if (this.#status === "starting") this.#emit({ type: "pod_running" });
        this.#status = "running";
        this.#signalError = undefined;
        this.#registered.resolve();
        return this.#emit({ type: "signal_connected" });
      case "disconnected":
        this.#signalError = reason;
        return this.#emit({ type: "signal_disconnected", reason: reason ?? "" });
      case "taken_over":
      case "refused":
        this.#status = "error";
        this.#lastError = this.#signalError = reason;
        return this.#emit({ type: "pod_error", message: reason ?? state });
      case "connecting":
      case "stopped":
        return;
    }
  }

  #onOffer({ sessionId, sdp }: IncomingOffer): void {
    const { log, peerLimit } = this.#services;
    log.info(
      "offer",
      { session: shortId(sessionId), bytes: sdp.length },
      `offer  session=${shortId(sessionId)} (${sdp.length} bytes)`,
    );
    if (this.#peers.has(sessionId)) return this.#link.refuse(sessionId, "session id is in use");
    const place = peerLimit.enter();
    if (place === undefined) {
      log.warn("offer_refused", { session: shortId(sessionId), reason: "too many visitors" });
      return this.#link.refuse(sessionId, "this Host has too many visitors just now");
    }
    try {
      const peer: Peer = this.#accept(sessionId, sdp, () => {
        place[Symbol.dispose]();
        this.#peers.delete(sessionId);
        if (peer.visitor !== undefined) this.#emit({ type: "peer_left", peerId: sessionId });
      });
      this.#peers.set(sessionId, peer);
    } catch (error) {
      place[Symbol.dispose]();
      log.error("offer_failed", { session: shortId(sessionId), reason: errorMessage(error) });
      this.#link.refuse(sessionId, "this Host cannot make a connection");
    }
  }

  #accept(sessionId: string, sdp: string, onGone: () => void): Peer {
    const { log, ed25519, conversations } = this.#services;
    const { pod, ownerPubkey, iceServers } = this.served;
    const native = acceptOffer({
      sdp,
      iceServers,
      sameMachine: this.served.sameMachine,
      onCandidate: (candidate) => this.#link.candidate(sessionId, candidate),
    });
    const memory = new ConversationMemory(this.id, conversations, log);
    const peer: Peer = new Peer(native, {
      id: sessionId,
      podId: this.id,
      ...(ownerPubkey === undefined ? {} : { ownerPubkey }),
      ed25519,
      log,
      verifyManifest,
      card: (manifest) =>
        originCard({ ...(manifest ?? { name: pod.name, persona: pod.persona }), id: this.id }),
      history: (conversationId) => memory.history(conversationId),
      messages: (conversationId) => memory.messages(conversationId),
      onHello: (visitor) => this.#onHello(sessionId, visitor),
      run: async (request, writer, signal) => {
        if (this.#status === "stopping") {
          return writer.fail("shutting_down", "The pod's Host is being stopped.");
        }
        const visitor = peer.visitor?.publicKeyHex ?? peer.id;
        await this.#runs.run({ request, peerId: peer.id, visitor, memory, writer, signal });
      },
      onGone: () => {
        memory[Symbol.dispose]();
        onGone();
      },
    });
    native.localSdp.then(
      (answer) => this.#link.answer(sessionId, answer),
      () => peer.close("failed"), // `channel` rejects with the same, and that is logged
    );
    return peer;
  }

  #onHello(peerId: string, visitor: VisitorInfo<Manifest>): void {
    void this.#sayHello(visitor);
    this.#emit({ type: "peer_joined", peerId });
  }

  /** The line of a hello, once it is known which tools there are. */
  async #sayHello({ manifest, publicKeyHex }: VisitorInfo<Manifest>): Promise<void> {
    const manifestOk = manifest !== undefined;
    const short = shortId(publicKeyHex);
    const tools = (await this.#tools.names(manifest)).join(",");
    this.#services.log.info(
      "dartc.hello",
      { visitor: short, manifest_ok: manifestOk, tools },
      `dartc.hello verified  visitor=${short} manifest_ok=${manifestOk} tools=[${tools}]`,
    );
  }

  #emit(event: PodEventBody): void {
    this.#services.bus.emit({ scope: "pod", podId: this.id, event });
  }
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([promise, late.promise]);
  clearTimeout(timer);
}

import { errorMessage, type Logger, type MaybePromise } from "../../base/mod.ts";
import type { Ed25519 } from "../../core/mod.ts";
import {
  type AgentCard,
  type Channel,
  type ChatRequest,
  type History,
  type OriginEvent,
  OriginSession,
  type RunWriter,
  type VisitorInfo,
} from "../../dartc/mod.ts";
import type { Manifest } from "../../pod/mod.ts";
import type { NativePeer } from "../../rtc/mod.ts";
import type { CandidateInit } from "../../signaling/mod.ts";
import type { StopReason } from "../chat/run_chat.ts";
import type { StoredMessage } from "../store/conversation_store.ts";

/** What a {@linkcode Peer} asks of its pod. */
export interface PeerOptions {
  /** The name of the rendezvous; the peer's id in lists and events. */
  readonly id: string;
  readonly podId: string;
  readonly ownerPubkey?: string;
  readonly ed25519: Ed25519;
  readonly log: Logger;
  verifyManifest(signed: Uint8Array): MaybePromise<Manifest>;
  card(manifest: Manifest | undefined): AgentCard;
  history(conversationId: string): MaybePromise<History | undefined>;
  /** The newest messages that are remembered of a conversation. */
  messages(conversationId: string): readonly StoredMessage[];
  /** The visitor said hello, and its manifest held. */
  onHello(visitor: VisitorInfo<Manifest>): void;
  /** Runs one chat request; settles when the run is over, and never rejects. */
  run(request: ChatRequest<Manifest>, writer: RunWriter, signal: AbortSignal): Promise<void>;
  /** The peer is gone; once. */
  onGone(): void;
}

/** A visitor as lists show it. */
export interface PeerListing {
  readonly id: string;
  /** The one that it spoke in last, else the one that it said hello with; null before that. */
  readonly conversationId: string | null;
  /** Unix milliseconds. */
  readonly connectedAt: number;
  /** Its session's public key; null before its hello. */
  readonly visitor: string | null;
  /** Whether it brought a manifest that held. */
  readonly manifestOk: boolean;
  /** How many answers it is being given or waits for. */
  readonly runs: number;
}

/** How long a visitor may take from its offer to its hello, in milliseconds. */
const HELLO_WITHIN_MS = 30_000;

/**
 * One visitor, from its offer to its end: the WebRTC connection, the DARTC session on it, and its
 * runs, which are stopped when it leaves.
 */
export class Peer {
  readonly id: string;
  readonly #options: PeerOptions;
  readonly #native: NativePeer;
  readonly #runs = new Map<string, { abort: AbortController; done: Promise<void> }>();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #connectedAt = Date.now();
  #session: OriginSession<Manifest> | undefined;
  #conversationId: string | undefined;
  #closing: Promise<void> | undefined;

  /** Begins to wait for the visitor on a connection that is being made. */
  constructor(native: NativePeer, options: PeerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#native = native;
    this.#timer = setTimeout(() => void this.close("no hello in time"), HELLO_WITHIN_MS);
    native.onState((state) => {
      if (state === "failed" || state === "disconnected" || state === "closed") {
        void this.close(state);
      }
    });
    native.channel.then((channel) => this.#open(channel), (error) => this.#fail(error));
  }

  /** Who it is; undefined before its hello. */
  get visitor(): VisitorInfo<Manifest> | undefined {
    return this.#session?.visitor;
  }

  /** The visitor as lists show it. */
  listing(): PeerListing {
    const { id, visitor } = this;
    return {
      id,
      conversationId: this.#conversationId ?? visitor?.conversationId ?? null,
      connectedAt: this.#connectedAt,
      visitor: visitor?.publicKeyHex ?? null,
      manifestOk: visitor?.manifest !== undefined,
      runs: this.#runs.size,
    };
  }

  /** What is remembered of its conversation; nothing before its hello. */
  messages(): readonly StoredMessage[] {
    const { conversationId } = this.listing();
    return conversationId === null ? [] : this.#options.messages(conversationId);
  }

  /** Settles when every run that is in flight is over. */
  async idle(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ done }) => done));
  }

  /** Stops every run in flight. */
  stopRuns(reason: StopReason): void {
    for (const { abort } of this.#runs.values()) abort.abort(reason);
  }

  /** To be called about once a second: keeps the session alive and finds dead ones. */
  tick(): void {
    this.#session?.tick();
  }

  /** A candidate of the visitor's. */
  addCandidate(candidate: CandidateInit | null): void {
    this.#native.addCandidate(candidate);
  }

  /**
   * Ends it: what was sent goes out first. May be called from any callback, and more than once;
   * settles when the connection is gone, and never rejects.
   */
  close(reason?: string): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing = promise; // first, because the session says that it is closed while it is closed
    this.#close(reason).then(resolve);
    return promise;
  }

  async #close(reason: string | undefined): Promise<void> {
    clearTimeout(this.#timer);
    this.stopRuns("visitor_left");
    this.#session?.close(reason);
    this.#options.onGone();
    try {
      await this.#native.close(reason);
    } catch (error) {
      this.#options.log.warn("peer_close_failed", { reason: errorMessage(error) });
    }
  }

  #fail(error: unknown): void {
    this.#options.log.debug("peer_failed", { session: this.id, reason: errorMessage(error) });
    void this.close("failed");
  }

  async #open(channel: Channel): Promise<void> {
    const { podId, ownerPubkey, ed25519, verifyManifest, card, history } = this.#options;
    try {
      const session = await OriginSession.open<Manifest>({
        channel,
        ed25519,
        podId,
        ...(ownerPubkey === undefined ? {} : { ownerPubkey }),
        verifyManifest,
        card,
        history,
        onEvent: (event, session) => {
          this.#session = session;
          this.#onEvent(event, session);
        },
      });
      this.#session = session;
      if (this.#closing !== undefined) session.close(); // it left while its session was opened
    } catch (error) {
      this.#fail(error);
    }
  }

  #onEvent(event: OriginEvent<Manifest>, session: OriginSession<Manifest>): void {
    const { log } = this.#options;
    switch (event.type) {
      case "hello":
        clearTimeout(this.#timer);
        return this.#options.onHello(event.visitor);
      case "chat":
        return this.#run(event.request, session);
      case "cancel":
        return this.#runs.get(event.requestId)?.abort.abort("cancelled" satisfies StopReason);
      case "refused": {
        const { code, fatal } = event;
        return log.warn("frame_refused", { session: this.id.slice(0, 6), code, fatal });
      }
      case "error": {
        const { code, fatal } = event;
        return log.warn("visitor_error", { session: this.id.slice(0, 6), code, fatal });
      }
      case "closed":
        return void this.close(event.reason);
      case "card":
      case "ui":
      case "ui_unknown":
      case "frame":
      case "ack":
        return;
    }
  }

  #run(request: ChatRequest<Manifest>, session: OriginSession<Manifest>): void {
    const { requestId, conversationId: threadId, manifest } = request;
    this.#conversationId = threadId;
    const abort = new AbortController();
    const writer = session.run({ requestId, threadId, events: manifest?.events ?? null });
    const done = this.#options.run(request, writer, abort.signal).finally(() => {
      this.#runs.delete(requestId);
    });
    this.#runs.set(requestId, { abort, done });
  }
}

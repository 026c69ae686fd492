import type { CodedError } from "../base/mod.ts";
import type { AgentCard, DartcUiEvent, Frame, UnknownUiEvent } from "../dartc/mod.ts";
import type { ChatFailure, ChatMessage } from "./chat_types.ts";

/** Where a transport stands. */
export type TransportStatus = "idle" | "connecting" | "ready" | "closed" | "error";

/** A frame to send: the session fills in the rest and signs it. */
export type OutgoingEnvelope = Pick<Frame, "topic" | "payload">;

/** One question on its way. */
export interface TransportChatRequest {
  /** The run's id; everything that belongs to the answer carries it. */
  readonly runId: string;
  readonly conversationId: string;
  readonly model?: string;
  readonly messages: readonly ChatMessage[];
}

/**
 * What a transport tells the runtime, in the order in which it happened. After `done` or `failed`
 * of a run nothing of that run matters any more.
 */
export type TransportEvent =
  | { readonly type: "stage"; readonly stage: DartcStage; readonly detail?: string }
  | { readonly type: "card"; readonly card: AgentCard }
  | { readonly type: "owner-verified" }
  | { readonly type: "ui"; readonly event: DartcUiEvent }
  | { readonly type: "ui-unknown"; readonly event: UnknownUiEvent }
  | {
    readonly type: "delta";
    readonly runId: string;
    readonly delta: string;
    readonly kind: "text" | "reasoning";
  }
  /** With a `finishReason` of `cancelled` the Host stopped it: the answer is not whole. */
  | { readonly type: "done"; readonly runId: string; readonly finishReason?: string }
  | { readonly type: "failed"; readonly runId: string; readonly error: CodedError }
  | { readonly type: "warning"; readonly error: CodedError }
  | { readonly type: "updated" }
  | { readonly type: "closed"; readonly error: CodedError };

/**
 * A way to a model (seed 003, section 13). The shipped ones are `dartc` and `direct`; an embedder
 * may bring others through the adapter's factory.
 *
 * A transport is told where its events go when it is made. After `closed` it may be connected anew.
 */
export interface RuntimeTransport {
  readonly name: string;
  readonly state: TransportStatus;
  /** Resolves when a question may be asked; rejects with a `CodedError`. */
  connect(signal?: AbortSignal): Promise<void>;
  /** Asks; what comes of it comes as events that carry `runId`. */
  chat(request: TransportChatRequest): void;
  /** Stops a run; the caller hears no more of it. */
  cancel(runId: string): void;
  /** Sends a frame of the embedder's own topic; rejects with `unsupported` where there are none. */
  send(envelope: OutgoingEnvelope): Promise<void>;
  /** Hands over every verified frame of an application's topic; returns how to stop it. */
  subscribe(handler: (envelope: Frame) => void): () => void;
  /** Sends what was sent and closes; no `closed` event follows. */
  close(): Promise<void>;
  /** The page is going away: closes at once, without a word that needs another turn. */
  abandon?(): void;
  /** Called about every second while it is ready. */
  tick?(): void;
}

/** A rung of the ladder from an offer to a session (runtime.md, "Transports"). */
export type DartcStage =
  | "dartc-offer"
  | "ice-gathering"
  | "signaling"
  | "data-channel-open"
  | "dartc-hello-sent"
  | "signed-frame-verified"
  | "dartc-origin-hello"
  | "a2a-card-sent"
  | "a2a-card-received"
  | "ready"
  | "owner-verified"
  | "relay";

/** One step of a connection that was made. */
export interface DartcStageEvent {
  readonly stage: DartcStage;
  readonly detail?: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** What came of one transport in one selection. */
export interface TransportTrace {
  readonly transport: string;
  /** `skipped`: not built in, or the environment lacks what it needs. */
  readonly outcome: "ready" | "failed" | "skipped";
  /** Why not, for people. */
  readonly message?: string;
  readonly code?: string;
  /** Milliseconds it took. */
  readonly ms: number;
}

/** Where the runtime's connection stands; a new object at each change. */
export interface RuntimeTransportState {
  readonly status: "idle" | "connecting" | "ready" | "error" | "destroyed";
  /** The transport that is ready, or was last. */
  readonly name?: string;
  /** What was tried, oldest first; the newest {@linkcode MAX_TRACE} entries. */
  readonly trace: readonly TransportTrace[];
  /** Why there is no connection. */
  readonly error?: ChatFailure;
  /** The newest {@linkcode MAX_DARTC_EVENTS} steps. */
  readonly dartcEvents: readonly DartcStageEvent[];
  /** Whether the Host proved that the pod's owner trusts it. */
  readonly ownerVerified: boolean;
  /** Attempts that failed since the last connection. */
  readonly attempt: number;
  /** When the next attempt is due by itself, Unix milliseconds; absent where none is. */
  readonly retryAt?: number;
}

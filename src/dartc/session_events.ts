import type { AgentCard } from "./agent_card.ts";
import type { ChatMessage, ChatUsage } from "./chat_message.ts";
import type { Frame } from "./frame.ts";
import type { DartcUiEvent, UnknownUiEvent } from "./ui_event.ts";

/** What a hello says about the side that sent it. */
export interface PeerInfo {
  /** Its session key, 64 lower-case hex digits. */
  readonly publicKeyHex: string;
  readonly role: "visitor" | "origin" | "agent" | "relay";
  readonly podId?: string;
  /** What it understands beyond v0.2; names that we do not know included. */
  readonly features: ReadonlySet<string>;
  /** The topic patterns that it says it reads. */
  readonly supportedTopics: readonly string[];
}

/** What a Host knows of its visitor. */
export interface VisitorInfo<M = unknown> extends PeerInfo {
  /** The conversation that it comes back to, or begins. */
  readonly conversationId?: string;
  /** The manifest that it sent, verified. */
  readonly manifest?: M;
  /** The same as it came: base64 of the signed manifest. */
  readonly signedManifestB64?: string;
}

/** A chat request that passed every check. */
export interface ChatRequest<M = unknown> {
  readonly requestId: string;
  /**
   * The request's conversation, else the hello's, else one that this session made up (too short to
   * be replayed to anybody).
   */
  readonly conversationId: string;
  readonly model?: string;
  /** What the visitor sent, system messages included: see `mergeThread` for what is run. */
  readonly messages: readonly ChatMessage[];
  /** The manifest that came with the request, verified, else the hello's. */
  readonly manifest?: M;
}

/** What a {@linkcode VisitorSession} tells its owner. */
export type VisitorEvent =
  /** The Host's hello was accepted. */
  | { readonly type: "hello"; readonly peer: PeerInfo }
  | { readonly type: "card"; readonly card: AgentCard }
  /** The Host's hello and card are there. */
  | { readonly type: "ready" }
  /** A piece of an answer, once, whichever way the Host sent it. */
  | {
    readonly type: "delta";
    readonly requestId: string;
    readonly delta: string;
    readonly kind: "text" | "reasoning";
    readonly chunkId?: number;
  }
  | {
    readonly type: "done";
    readonly requestId: string;
    readonly finishReason?: string;
    readonly usage?: ChatUsage;
  }
  | { readonly type: "ui"; readonly event: DartcUiEvent; readonly chunkId?: number }
  /** A UI event of a type that this build does not know, as it came. */
  | { readonly type: "ui_unknown"; readonly event: UnknownUiEvent }
  /** The Host's `dartc.error`. `verified` is false before its hello: then nobody signed for it. */
  | {
    readonly type: "error";
    readonly code: string;
    readonly message: string;
    readonly requestId?: string;
    readonly fatal: boolean;
    readonly verified: boolean;
  }
  | { readonly type: "ack"; readonly ackFor: string; readonly payload: unknown }
  /** A frame of a topic that is not DARTC's or the chat's: an application's. */
  | { readonly type: "frame"; readonly frame: Frame }
  /** A frame that was dropped; `inARow` is 0 where it does not count towards the three. */
  | {
    readonly type: "bad_frame";
    readonly code: string;
    readonly message: string;
    readonly inARow: number;
  }
  /** The last event. `code` is there when it was not a plain close. */
  | { readonly type: "closed"; readonly code?: string; readonly reason: string };

/** What an {@linkcode OriginSession} tells its owner. */
export type OriginEvent<M = unknown> =
  /** The visitor's hello and manifest hold; ack and card are sent. */
  | { readonly type: "hello"; readonly visitor: VisitorInfo<M> }
  | { readonly type: "card"; readonly card: AgentCard }
  | { readonly type: "chat"; readonly request: ChatRequest<M> }
  /** The visitor wants a run to stop that is not over. */
  | { readonly type: "cancel"; readonly requestId: string }
  | { readonly type: "ui"; readonly event: DartcUiEvent }
  | { readonly type: "ui_unknown"; readonly event: UnknownUiEvent }
  /** A frame of a topic that the session was opened to read. */
  | { readonly type: "frame"; readonly frame: Frame }
  | { readonly type: "ack"; readonly ackFor: string; readonly payload: unknown }
  /** The visitor's `dartc.error`. */
  | {
    readonly type: "error";
    readonly code: string;
    readonly message: string;
    readonly fatal: boolean;
  }
  /** A frame that was refused, and answered with `dartc.error`; for the log. */
  | {
    readonly type: "refused";
    readonly code: string;
    readonly message: string;
    readonly fatal: boolean;
  }
  | { readonly type: "closed"; readonly code?: string; readonly reason: string };

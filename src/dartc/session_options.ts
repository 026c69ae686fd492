import type { Ed25519 } from "../core/mod.ts";
import type { MaybePromise } from "../base/mod.ts";
import type { AgentCard } from "./agent_card.ts";
import type { Channel } from "./channel.ts";
import type { ChatMessage } from "./chat_message.ts";
import type { Feature } from "./features.ts";
import type { OriginEvent, VisitorEvent } from "./session_events.ts";
import type { OriginSession } from "./origin_session.ts";
import type { RateLimits } from "./rate_limit.ts";
import type { SnapshotMessage } from "./ui_event.ts";
import type { VisitorSession } from "./visitor_session.ts";

/** What both roles need. */
export interface SessionOptions {
  /** Where frames come from and go to. The session closes it. */
  channel: Channel;
  /** @default what `defaultEd25519()` finds */
  ed25519?: Ed25519;
  /**
   * Unix milliseconds.
   * @default Date.now
   */
  now?: () => number;
  /**
   * What this side understands beyond v0.2.
   * @default SUPPORTED_FEATURES
   */
  features?: readonly Feature[];
}

/** Options of `VisitorSession.open`. */
export interface VisitorSessionOptions extends SessionOptions {
  podId: string;
  conversationId?: string;
  /** Base64 of the signed manifest, of a packed pod. */
  signedManifestB64?: string;
  /**
   * What the visitor's Agent Card says of it.
   * @default "GemmaPod visitor"
   */
  name?: string;
  /**
   * Told of everything, in order. `session` is there because the first events may come before
   * `open` has returned it.
   */
  onEvent(event: VisitorEvent, session: VisitorSession): void;
}

/** What a conversation that is remembered looks like. */
export interface History {
  messages: readonly SnapshotMessage[];
  /** The state that the conversation holds, where it holds one. */
  state?: unknown;
}

/** Options of `OriginSession.open`. `M` is what `verifyManifest` gives. */
export interface OriginSessionOptions<M = unknown> extends SessionOptions {
  podId: string;
  /** With it, manifests of other owners are refused. 64 hex digits. */
  ownerPubkey?: string;
  /** @default DEFAULT_RATE_LIMITS */
  rate?: RateLimits;
  /**
   * Application topics that this Host reads, as patterns; others are answered `unsupported_topic`.
   * @default []
   */
  topics?: readonly string[];
  /** Verifies a signed manifest; throws or rejects when it does not hold. */
  verifyManifest(signed: Uint8Array): MaybePromise<M>;
  /** The Agent Card for a visitor with, or without, a verified manifest. */
  card(manifest: M | undefined): AgentCard;
  /** What is remembered of a conversation; asked only for ids that are hard to guess. */
  history?(conversationId: string): MaybePromise<History | undefined>;
  /** As in {@linkcode VisitorSessionOptions}. */
  onEvent(event: OriginEvent<M>, session: OriginSession<M>): void;
}

/** What a visitor asks. */
export interface VisitorChatRequest {
  /** @default a new UUIDv7 */
  requestId?: string;
  /** @default the session's */
  conversationId?: string;
  model?: string;
  /** The thread, the new question last. Older turns that do not fit are left out. */
  messages: readonly ChatMessage[];
  /** Only where the hello carried none. */
  signedManifestB64?: string;
}

/** A run that an `OriginSession` is to write. */
export interface RunRequest {
  requestId: string;
  /** The conversation. */
  threadId: string;
  /** The manifest's `events`. */
  events?: {
    on_run_started?: readonly CustomEventSpec[] | null;
    on_run_finished?: readonly CustomEventSpec[] | null;
  } | null;
}

/** One of the manifest's events, sent as `CUSTOM`. */
export interface CustomEventSpec {
  name: string;
  value?: unknown;
}

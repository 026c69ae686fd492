import type { AgentCard, DartcUiEvent } from "../dartc/mod.ts";
import type { HistoryMessage } from "./chat_types.ts";
import type { DartcStage, RuntimeTransportState } from "./transport_types.ts";

/** Everything that the runtime says, by `type` (seed 003, section 6). */
export type RuntimeEvent =
  | RuntimeReadyEvent
  | RuntimeDestroyedEvent
  | RuntimeErrorEvent
  | TransportConnectingEvent
  | TransportReadyEvent
  | TransportUpdatedEvent
  | TransportFallbackEvent
  | TransportDartcEvent
  | A2ACardEvent
  | UiEvent
  | ChatHistoryEvent
  | StateChangedEvent;

/** A connection stands: after `connect()`, and again after each reconnection. */
export interface RuntimeReadyEvent {
  readonly type: "runtime.ready";
  readonly transport: string;
}

/** After `destroy()`: nothing follows. */
export interface RuntimeDestroyedEvent {
  readonly type: "runtime.destroyed";
}

/** Something failed that no caller is told of otherwise. */
export interface RuntimeErrorEvent {
  readonly type: "runtime.error";
  readonly error: Error;
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** The run that it belongs to, where there is one. */
  readonly runId?: string;
}

/** An attempt began; `auto` is the selector, which may try several. */
export interface TransportConnectingEvent {
  readonly type: "transport.connecting";
  readonly transport: string;
  /** 0 is the first attempt, 1 the first retry. */
  readonly attempt: number;
}

/** A transport is ready to chat. */
export interface TransportReadyEvent {
  readonly type: "transport.ready";
  readonly transport: string;
}

/** `runtime.transport` is a new object. */
export interface TransportUpdatedEvent {
  readonly type: "transport.updated";
  readonly transport: string | undefined;
  readonly state: RuntimeTransportState;
}

/** The selector went on from one transport to the next. */
export interface TransportFallbackEvent {
  readonly type: "transport.fallback";
  readonly from: string;
  readonly to: string;
  /** Why, for people. */
  readonly reason: string;
}

/** One step of the way to a session. */
export interface TransportDartcEvent {
  readonly type: "transport.dartc";
  readonly stage: DartcStage;
  readonly detail?: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** The Host's Agent Card came. */
export interface A2ACardEvent {
  readonly type: "a2a.card";
  readonly card: AgentCard;
}

/** A verified event of the Host, or the same of another transport. */
export interface UiEvent {
  readonly type: "ui.event";
  readonly event: DartcUiEvent;
}

/** The history or the conversation changed. */
export interface ChatHistoryEvent {
  readonly type: "chat.history";
  readonly messages: readonly HistoryMessage[];
  readonly conversationId: string;
}

/** The state changed. */
export interface StateChangedEvent {
  readonly type: "state.changed";
  /** A copy that the handlers share. */
  readonly state: unknown;
}

/**
 * `runtime`: one pod at work, the same in a browser, a terminal or a server: connection, chat,
 * history, state, events (seed 003; spec: runtime.md).
 *
 * {@linkcode createRuntime} makes a {@linkcode GemmaPodRuntime} from a config and an adapter, which
 * gives it what an environment has: storage, keys, transports, a face. No DOM and no Deno here.
 *
 * @module
 */
export { createRuntime, type RuntimeOptions } from "./create_runtime.ts";
export { quickTransportStatus, type TransportStatusSummary } from "./transport_status.ts";
export type {
  CapabilityRequest,
  GemmaPodMountTarget,
  GemmaPodRuntime,
  RuntimeA2AApi,
  RuntimeCapabilityRegistry,
} from "./runtime_types.ts";
export type {
  ActiveRun,
  ChatChunk,
  ChatFailure,
  ChatMessage,
  ChatRole,
  ConversationSummary,
  HistoryMessage,
  MessageStatus,
  RuntimeChatApi,
  RuntimeChatInput,
} from "./chat_types.ts";
export type {
  A2ACardEvent,
  ChatHistoryEvent,
  RuntimeDestroyedEvent,
  RuntimeErrorEvent,
  RuntimeEvent,
  RuntimeReadyEvent,
  StateChangedEvent,
  TransportConnectingEvent,
  TransportDartcEvent,
  TransportFallbackEvent,
  TransportReadyEvent,
  TransportUpdatedEvent,
  UiEvent,
} from "./runtime_event.ts";
export type { RuntimeEventBus, RuntimeEventOf } from "./event_bus.ts";
export type { JsonPatchOperation } from "../dartc/mod.ts";
export type { RuntimeStateStore } from "./state_store.ts";
export type {
  CapabilityAction,
  CapabilityContext,
  CryptoAdapter,
  LifecycleAdapter,
  LifecycleSignal,
  RuntimeAdapter,
  RuntimeCapability,
  StorageAdapter,
  TransportAdapterFactory,
  TransportContext,
  UiAdapter,
} from "./adapter_types.ts";
export type {
  DartcStage,
  DartcStageEvent,
  OutgoingEnvelope,
  RuntimeTransport,
  RuntimeTransportState,
  TransportChatRequest,
  TransportEvent,
  TransportStatus,
  TransportTrace,
} from "./transport_types.ts";
export { type Clock, systemClock } from "./clock.ts";
export {
  createDartcTransport,
  type DartcTransportOptions,
  type OpenChannel,
  type OpenChannelRequest,
} from "./dartc_transport.ts";
export { createDirectTransport, type DirectTransportOptions } from "./direct_transport.ts";
export { memoryStorage } from "./memory_storage.ts";

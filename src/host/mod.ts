/**
 * `host`: the Host as a library. One process on the owner's machine serves many pods: it registers
 * each with its broker, answers visitors over WebRTC, runs the model, remembers conversations, and
 * has an API on loopback. It opens no port to the world (spec: host.md).
 *
 * - {@linkcode Host} is all of it; {@linkcode startDaemon} is one with one pod.
 * - {@linkcode createLanguageModel} is the model of an OpenAI-compatible endpoint for the AI SDK.
 * - {@linkcode buildAgentTools}, {@linkcode buildUiEventTools} and {@linkcode buildCompanionTools}
 *   are the tools that a model may call, for the AI SDK's `streamText`.
 * - {@linkcode findHost} finds a Host that is running.
 *
 * Needs Deno.
 *
 * @module
 */
export { Host } from "./host.ts";
export { type HostConfig } from "./host_config.ts";
export { type Daemon, type DaemonOptions, startDaemon } from "./start_daemon.ts";
export { type Discovered, findHost } from "./discovery.ts";
export { TOKEN_HEADER } from "./api/loopback_guard.ts";
export {
  type ConversationEventBody,
  EventBus,
  type HostEvent,
  type HostEventBody,
  type HostEventType,
  type PodEventBody,
} from "./event_bus.ts";
export { HostState, type RememberedPod } from "./host_state.ts";
export { type Patience } from "./model/answer.ts";
export { createLanguageModel, type LanguageModelOptions } from "./model/language_model.ts";
export { createDemoModel, DEMO_MODEL } from "./model/demo_model.ts";
export { buildSystemPrompt, type PromptSource } from "./chat/system_prompt.ts";
export { type AgentToolsConfig, buildAgentTools } from "./tools/agent_tools.ts";
export { buildUiEventTools, type UiEventToolsOptions } from "./tools/ui_event_tools.ts";
export { buildCompanionTools } from "./tools/companion_tools.ts";
export { type BuiltInSources } from "./tools/built_in_tools.ts";
export {
  createToolRuntime,
  type ToolRuntime,
  type ToolRuntimeOptions,
} from "./tools/tool_runtime.ts";
export { memoryState, type SharedState } from "./tools/shared_state.ts";
export { type SendUiEvent, type UiToolEvent } from "./tools/ui_tool_event.ts";
export { type ToolOutcome, type ToolReport } from "./tools/tool_report.ts";
export {
  type ConversationStore,
  type ConversationSummary,
  type NewMessage,
  type ReadMessages,
  type StoredMessage,
  type StoredRole,
  type StoredStatus,
  type Turn,
} from "./store/conversation_store.ts";
export { type PodRegistry } from "./pods/pod_registry.ts";
export { type PodInfo, type PodRuntime, type PodStatus } from "./pods/pod_runtime.ts";
export { type SignalState } from "./pods/broker_link.ts";
export { type OriginPod } from "./pods/origin_pod.ts";
export { type PodOverrides } from "./pods/served_pod.ts";

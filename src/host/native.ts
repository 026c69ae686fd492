/**
 * The second door of `host`: its files and settings, for a program that looks at a Host, or at what
 * one has left, without being one. It loads neither WebRTC nor the AI SDK nor the API, so that
 * `gemmapod status` answers at once.
 *
 * @module
 */
export { TOKEN_HEADER } from "./api/loopback_guard.ts";
export { type Discovered, findHost } from "./discovery.ts";
export { type HostPaths, hostPaths, processEnv, type ReadEnv } from "./host_paths.ts";
export { readState } from "./host_state.ts";
export { readEndpoint, readOwner, readPort } from "./read_setting.ts";
export {
  type ConversationStore,
  type ConversationSummary,
  type StoredMessage,
} from "./store/conversation_store.ts";
export {
  type EventLog,
  type LoggedEvent,
  type LoggedKind,
  openEventLog,
  type ReadEvent,
  type ReadEvents,
} from "./store/event_log.ts";
export { onStopSignal } from "./stop_signals.ts";
export {
  AGENT_LABEL,
  launchdPlist,
  pm2File,
  type ServiceProgram,
  systemdUnit,
  UNIT_NAME,
  WRITTEN_BY,
} from "./service/service_files.ts";
export { openSqliteStore } from "./store/sqlite_store.ts";

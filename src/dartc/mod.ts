/**
 * `dartc`: DARTC v0.2, the protocol that a visitor and a Host speak once a channel between them is
 * open. One module for Host, browser and terminal.
 *
 * A {@linkcode Channel} carries text messages; a {@linkcode VisitorSession} or an
 * {@linkcode OriginSession} on it signs, verifies and checks every frame, and tells its owner of
 * what came as events. A Host answers a chat request with a {@linkcode RunWriter}, and
 * {@linkcode mergeThread} says which messages a run reads. Below the sessions are the frames
 * themselves: {@linkcode signFrame}, {@linkcode verifyFrame}, {@linkcode signingText}.
 *
 * @example A question and its answer, over a channel that is a MessagePort
 * ```ts
 * import { type Channel, originCard, OriginSession, VisitorSession } from "./mod.ts";
 *
 * const channelOver = (port: MessagePort): Channel => ({
 *   send: (text) => port.postMessage(text),
 *   close: () => port.close(),
 *   bufferedAmount: () => 0,
 *   writable: () => undefined,
 *   onMessage: (handler) => port.onmessage = ({ data }) => handler(data),
 *   onClose: () => {},
 * });
 * const { port1, port2 } = new MessageChannel();
 *
 * using _host = await OriginSession.open({
 *   channel: channelOver(port1),
 *   podId: "hello-pod",
 *   verifyManifest: () => Promise.reject(new Error("no manifests here")),
 *   card: () => originCard({ id: "hello-pod", name: "Hello" }),
 *   onEvent: (event, session) => {
 *     if (event.type !== "chat") return;
 *     const { requestId, conversationId } = event.request;
 *     const run = session.run({ requestId, threadId: conversationId });
 *     run.text("Hello, ");
 *     run.text("visitor!");
 *     run.finish({ finishReason: "stop" });
 *   },
 * });
 *
 * let answer = "";
 * const done = Promise.withResolvers<void>();
 * using visitor = await VisitorSession.open({
 *   channel: channelOver(port2),
 *   podId: "hello-pod",
 *   onEvent: (event) => {
 *     if (event.type === "delta") answer += event.delta;
 *     if (event.type === "done") done.resolve();
 *   },
 * });
 * await visitor.ready(AbortSignal.timeout(10_000));
 * visitor.chat({ messages: [{ role: "user", content: "Hello?" }] });
 * await done.promise;
 * if (answer !== "Hello, visitor!") throw new Error(answer);
 * ```
 *
 * Pure: no socket, no timer, no DOM, no Deno. What time it is, and when to look after a silent
 * session (`tick`), the owner says.
 *
 * @module
 */
export type { Channel } from "./channel.ts";
export type { DartcMeta, Frame, UnsignedFrame } from "./frame.ts";
export { signingText } from "./canonical.ts";
export { signFrame } from "./sign_frame.ts";
export { verifyFrame } from "./verify_frame.ts";
export { DartcError, type DartcErrorCode } from "./error_code.ts";
export { type Feature, SUPPORTED_FEATURES } from "./features.ts";
export {
  CHANNEL_LABEL,
  FLOW_WINDOW_CHUNKS,
  HIGH_WATER,
  LOW_WATER,
  MAX_FRAME_BYTES,
  MAX_SENT_FRAME_BYTES,
  MAX_STATE_CHARS,
} from "./limits.ts";
export { topicMatches, TOPICS } from "./topics.ts";
export { uuidv7 } from "./uuidv7.ts";
export {
  type DartcUiEvent,
  type DartcUiEventType,
  type JsonPatchOperation,
  type SnapshotMessage,
  UI_EVENT_SCHEMA,
  type UnknownUiEvent,
} from "./ui_event.ts";
export { type ReadUiEvent, readUiEvent } from "./ui_event_parse.ts";
export { applyJsonPatch, cloneJson } from "./json_patch.ts";
export { hasStep, pointerSteps, valueAt } from "./json_pointer.ts";
export { type AgUiEvent, mapDartcUiEventToAgUi } from "./ag_ui.ts";
export {
  type AgentCard,
  type AgentExtension,
  type AgentSkill,
  type CardSource,
  originCard,
  type OriginCardOptions,
  visitorCard,
} from "./agent_card.ts";
export type { ChatMessage, ChatUsage } from "./chat_message.ts";
export { isReplayableConversationId, isVisitorConversationId } from "./conversation_id.ts";
export { type MergedThread, mergeThread, type RunMessage, type ThreadMessage } from "./thread.ts";
export { DEFAULT_RATE_LIMITS, type RateLimits } from "./rate_limit.ts";
export type {
  ChatRequest,
  OriginEvent,
  PeerInfo,
  VisitorEvent,
  VisitorInfo,
} from "./session_events.ts";
export type {
  CustomEventSpec,
  History,
  OriginSessionOptions,
  RunRequest,
  SessionOptions,
  VisitorChatRequest,
  VisitorSessionOptions,
} from "./session_options.ts";
export type { RunEnd, RunWriter } from "./run_writer.ts";
export { VisitorSession } from "./visitor_session.ts";
export { type ErrorScope, OriginSession } from "./origin_session.ts";

/** What every UI event carries beside its type (dartc.md, "One chat run, in order"). */
export interface UiEventBase {
  /** The conversation. */
  threadId: string;
  /** The run, where there is one: the `request_id` of its chat request. */
  runId?: string;
  /** Unix milliseconds. */
  timestamp?: number;
}

/** Who speaks in a message. Other implementations may name roles that we do not know. */
export type MessageRole = "assistant" | "user" | "system" | "tool" | "reasoning";

/** One operation of RFC 6902, not checked further: who applies it does. */
export interface JsonPatchOperation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** One message of a `MESSAGES_SNAPSHOT`. */
export interface SnapshotMessage {
  id?: string;
  role: string;
  content?: string;
  /** Ours: how the message ended (`done`, `cut`, …). */
  status?: string;
}

/** A run began. */
export interface RunStartedEvent extends UiEventBase {
  type: "RUN_STARTED";
  parentRunId?: string;
  input?: unknown;
}

/** A run ended well, or was cancelled. */
export interface RunFinishedEvent extends UiEventBase {
  type: "RUN_FINISHED";
}

/** A run failed. */
export interface RunErrorEvent extends UiEventBase {
  type: "RUN_ERROR";
  message: string;
  code?: string;
}

/** A message begins. */
export interface TextMessageStartEvent extends UiEventBase {
  type: "TEXT_MESSAGE_START";
  messageId: string;
  role: MessageRole | (string & Record<never, never>);
}

/** A piece of a message. */
export interface TextMessageContentEvent extends UiEventBase {
  type: "TEXT_MESSAGE_CONTENT";
  messageId: string;
  delta: string;
}

/** A message is whole. */
export interface TextMessageEndEvent extends UiEventBase {
  type: "TEXT_MESSAGE_END";
  messageId: string;
}

/** The model calls a tool. */
export interface ToolCallStartEvent extends UiEventBase {
  type: "TOOL_CALL_START";
  toolCallId: string;
  toolCallName: string;
  parentMessageId?: string;
}

/** A piece of the JSON text of a tool call's arguments. */
export interface ToolCallArgsEvent extends UiEventBase {
  type: "TOOL_CALL_ARGS";
  toolCallId: string;
  delta: string;
}

/** The arguments of a tool call are whole. */
export interface ToolCallEndEvent extends UiEventBase {
  type: "TOOL_CALL_END";
  toolCallId: string;
}

/** What a tool answered. */
export interface ToolCallResultEvent extends UiEventBase {
  type: "TOOL_CALL_RESULT";
  messageId: string;
  toolCallId: string;
  content: string;
  role?: "tool";
}

/** The whole state of a conversation. */
export interface StateSnapshotEvent extends UiEventBase {
  type: "STATE_SNAPSHOT";
  snapshot: unknown;
}

/** A change of that state. */
export interface StateDeltaEvent extends UiEventBase {
  type: "STATE_DELTA";
  delta: JsonPatchOperation[];
}

/** The messages of a conversation, for a visitor that comes back. */
export interface MessagesSnapshotEvent extends UiEventBase {
  type: "MESSAGES_SNAPSHOT";
  messages: SnapshotMessage[];
  /** Ours: older messages did not fit, so a visitor keeps those that it has. */
  truncated?: boolean;
}

/** Something that goes on beside the messages: a queue, a plan. */
export interface ActivitySnapshotEvent extends UiEventBase {
  type: "ACTIVITY_SNAPSHOT";
  messageId: string;
  activityType: string;
  content: unknown;
  replace?: boolean;
}

/** A change of that. */
export interface ActivityDeltaEvent extends UiEventBase {
  type: "ACTIVITY_DELTA";
  messageId: string;
  activityType: string;
  patch: JsonPatchOperation[];
}

/** An event of the application's own. */
export interface CustomUiEvent extends UiEventBase {
  type: "CUSTOM";
  name: string;
  value?: unknown;
}

/** An event of another system, as it came. */
export interface RawEvent extends UiEventBase {
  type: "RAW";
  event: unknown;
}

/** A UI event, by its `type`: AG-UI's events and fields with SCREAMING_SNAKE types. */
export type DartcUiEvent =
  | RunStartedEvent
  | RunFinishedEvent
  | RunErrorEvent
  | TextMessageStartEvent
  | TextMessageContentEvent
  | TextMessageEndEvent
  | ToolCallStartEvent
  | ToolCallArgsEvent
  | ToolCallEndEvent
  | ToolCallResultEvent
  | StateSnapshotEvent
  | StateDeltaEvent
  | MessagesSnapshotEvent
  | ActivitySnapshotEvent
  | ActivityDeltaEvent
  | CustomUiEvent
  | RawEvent;

/** The type of a known UI event. */
export type DartcUiEventType = DartcUiEvent["type"];

/** An event of a type that this build does not know, as it came. */
export interface UnknownUiEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The `schema` of a `gemmapod.ui.event` payload; another one is dropped. */
export const UI_EVENT_SCHEMA = "dartc.ui.event/0.1";

import {
  isBoolean,
  isFiniteNumber,
  isObject,
  isPresent,
  isString,
  type JsonObject,
  optional,
} from "../base/mod.ts";
import {
  type DartcUiEvent,
  type DartcUiEventType,
  UI_EVENT_SCHEMA,
  type UnknownUiEvent,
} from "./ui_event.ts";

type Check = (value: unknown) => boolean;

/** What a `gemmapod.ui.event` payload holds. */
export type ReadUiEvent =
  | { readonly kind: "known"; readonly event: DartcUiEvent }
  /** A type that this build does not know: passed on as it came. */
  | { readonly kind: "unknown"; readonly event: UnknownUiEvent }
  /** A schema that this build does not know: dropped without a word. */
  | { readonly kind: "foreign" }
  | { readonly kind: "malformed"; readonly why: string };

/**
 * Reads the payload of a `gemmapod.ui.event` frame (dartc.md, table of UI events).
 *
 * @param threadId what stands for an event's `threadId` where a sender left it out
 */
export function readUiEvent(payload: unknown, threadId: string): ReadUiEvent {
  if (!isObject(payload)) return { kind: "malformed", why: "the payload is not an object" };
  if (payload.schema !== UI_EVENT_SCHEMA) return { kind: "foreign" };
  const { event } = payload;
  if (!isObject(event) || !isString(event.type)) {
    return { kind: "malformed", why: "the event has no type" };
  }
  const { type } = event;
  if (!isUiEventType(type)) return { kind: "unknown", event: { ...event, type } };
  const complete = event.threadId === undefined ? { ...event, threadId } : event;
  const wrong = wrongField(complete, BASE) ?? wrongField(complete, FIELDS[type]);
  if (wrong !== undefined) return { kind: "malformed", why: `${wrong} of ${type} is wrong` };
  // Every field that the type of this event names was just checked.
  return { kind: "known", event: complete as unknown as DartcUiEvent };
}

/** Whether a type of UI event is one that this build knows. */
export function isUiEventType(type: string): type is DartcUiEventType {
  return Object.hasOwn(FIELDS, type);
}

function wrongField(event: JsonObject, fields: Readonly<Record<string, Check>>) {
  return Object.keys(fields).find((name) => !fields[name]?.(event[name]));
}

const isOperation: Check = (value) =>
  isObject(value) && isString(value.op) && isString(value.path) && optional(isString)(value.from);

const isPatch: Check = (value) => Array.isArray(value) && value.every(isOperation);

const isSnapshotMessage: Check = (value) =>
  isObject(value) && isString(value.role) && optional(isString)(value.id) &&
  optional(isString)(value.content) && optional(isString)(value.status);

const BASE = {
  threadId: isString,
  runId: optional(isString),
  timestamp: optional(isFiniteNumber),
} as const;

const NO_FIELDS = {} as const;

const FIELDS: Readonly<Record<DartcUiEventType, Readonly<Record<string, Check>>>> = {
  RUN_STARTED: { parentRunId: optional(isString) },
  RUN_FINISHED: NO_FIELDS,
  RUN_ERROR: { message: isString, code: optional(isString) },
  TEXT_MESSAGE_START: { messageId: isString, role: isString },
  TEXT_MESSAGE_CONTENT: { messageId: isString, delta: isString },
  TEXT_MESSAGE_END: { messageId: isString },
  TOOL_CALL_START: {
    toolCallId: isString,
    toolCallName: isString,
    parentMessageId: optional(isString),
  },
  TOOL_CALL_ARGS: { toolCallId: isString, delta: isString },
  TOOL_CALL_END: { toolCallId: isString },
  TOOL_CALL_RESULT: { messageId: isString, toolCallId: isString, content: isString },
  STATE_SNAPSHOT: { snapshot: isPresent },
  STATE_DELTA: { delta: isPatch },
  MESSAGES_SNAPSHOT: {
    messages: (value) => Array.isArray(value) && value.every(isSnapshotMessage),
    truncated: optional(isBoolean),
  },
  ACTIVITY_SNAPSHOT: {
    messageId: isString,
    activityType: isString,
    content: isPresent,
    replace: optional(isBoolean),
  },
  ACTIVITY_DELTA: { messageId: isString, activityType: isString, patch: isPatch },
  CUSTOM: { name: isString },
  RAW: { event: isPresent },
};

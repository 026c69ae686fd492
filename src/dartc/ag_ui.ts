import type { DartcUiEvent, DartcUiEventType, UnknownUiEvent } from "./ui_event.ts";

/** AG-UI's name for each type of UI event. */
const NAMES = {
  RUN_STARTED: "RunStarted",
  RUN_FINISHED: "RunFinished",
  RUN_ERROR: "RunError",
  TEXT_MESSAGE_START: "TextMessageStart",
  TEXT_MESSAGE_CONTENT: "TextMessageContent",
  TEXT_MESSAGE_END: "TextMessageEnd",
  TOOL_CALL_START: "ToolCallStart",
  TOOL_CALL_ARGS: "ToolCallArgs",
  TOOL_CALL_END: "ToolCallEnd",
  TOOL_CALL_RESULT: "ToolCallResult",
  STATE_SNAPSHOT: "StateSnapshot",
  STATE_DELTA: "StateDelta",
  MESSAGES_SNAPSHOT: "MessagesSnapshot",
  ACTIVITY_SNAPSHOT: "ActivitySnapshot",
  ACTIVITY_DELTA: "ActivityDelta",
  CUSTOM: "Custom",
  RAW: "Raw",
} as const satisfies Record<DartcUiEventType, string>;

type Names = typeof NAMES;

/** A UI event under AG-UI's PascalCase type; its other fields are unchanged. */
export type AgUiEvent =
  | {
    [T in DartcUiEventType]: Omit<Extract<DartcUiEvent, { type: T }>, "type"> & { type: Names[T] };
  }[DartcUiEventType]
  | { readonly type: "Raw"; readonly [member: string]: unknown };

/**
 * Rewrites the type of a UI event, and nothing else, to AG-UI's (dartc.md, below "One chat run").
 * An unknown type becomes `Raw`.
 *
 * @example
 * ```ts
 * import { mapDartcUiEventToAgUi } from "./ag_ui.ts";
 *
 * const mapped = mapDartcUiEventToAgUi({
 *   type: "TEXT_MESSAGE_CONTENT",
 *   threadId: "t",
 *   messageId: "1:assistant",
 *   delta: "Hi",
 * });
 * if (mapped.type !== "TextMessageContent") throw new Error(mapped.type);
 * ```
 */
export function mapDartcUiEventToAgUi(event: DartcUiEvent | UnknownUiEvent): AgUiEvent {
  // A type that is a key of the table is one of ours.
  const type = Object.hasOwn(NAMES, event.type) ? NAMES[event.type as DartcUiEventType] : "Raw";
  return { ...event, type } as AgUiEvent; // the name belongs to the type whose fields these are
}

import assert from "node:assert/strict";
import { mapDartcUiEventToAgUi } from "../../../src/dartc/mod.ts";

Deno.test("mapDartcUiEventToAgUi() rewrites the type and nothing else", () => {
  const event = {
    type: "TEXT_MESSAGE_CONTENT",
    threadId: "t",
    messageId: "m",
    delta: "Hi",
    extra: 1,
  } as const;
  assert.deepEqual(mapDartcUiEventToAgUi(event), { ...event, type: "TextMessageContent" });
  assert.equal(event.type, "TEXT_MESSAGE_CONTENT");
});

Deno.test("mapDartcUiEventToAgUi() knows every type, and makes Raw of any other", () => {
  const names: [string, string][] = [
    ["RUN_STARTED", "RunStarted"],
    ["RUN_FINISHED", "RunFinished"],
    ["RUN_ERROR", "RunError"],
    ["TEXT_MESSAGE_START", "TextMessageStart"],
    ["TEXT_MESSAGE_CONTENT", "TextMessageContent"],
    ["TEXT_MESSAGE_END", "TextMessageEnd"],
    ["TOOL_CALL_START", "ToolCallStart"],
    ["TOOL_CALL_ARGS", "ToolCallArgs"],
    ["TOOL_CALL_END", "ToolCallEnd"],
    ["TOOL_CALL_RESULT", "ToolCallResult"],
    ["STATE_SNAPSHOT", "StateSnapshot"],
    ["STATE_DELTA", "StateDelta"],
    ["MESSAGES_SNAPSHOT", "MessagesSnapshot"],
    ["ACTIVITY_SNAPSHOT", "ActivitySnapshot"],
    ["ACTIVITY_DELTA", "ActivityDelta"],
    ["CUSTOM", "Custom"],
    ["RAW", "Raw"],
    ["NEW_THING", "Raw"],
    ["toString", "Raw"],
    ["", "Raw"],
  ];
  for (const [type, name] of names) {
    assert.deepEqual(mapDartcUiEventToAgUi({ type, x: 1 }), { type: name, x: 1 });
  }
});

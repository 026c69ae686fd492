import assert from "node:assert/strict";
import { readUiEvent } from "../../../src/dartc/mod.ts";

const read = (event: unknown) => readUiEvent({ schema: "dartc.ui.event/0.1", event }, "thread");
const base = { threadId: "t", runId: "r", timestamp: 1 };
const message = { ...base, messageId: "m" };
const tool = { ...base, toolCallId: "c" };
const activity = { ...message, activityType: "queue" };
const patch = [{ op: "move", from: "/a", path: "/b" }, { op: "add", path: "", value: null }];

/** Every type with all of its fields. */
const GOOD: Record<string, unknown>[] = [
  { ...base, type: "RUN_STARTED", parentRunId: "p", input: {} },
  { ...base, type: "RUN_FINISHED", result: 1 },
  { ...base, type: "RUN_ERROR", message: "x", code: "y" },
  { ...message, type: "TEXT_MESSAGE_START", role: "assistant" },
  { ...message, type: "TEXT_MESSAGE_START", role: "developer" },
  { ...message, type: "TEXT_MESSAGE_CONTENT", delta: "" },
  { ...message, type: "TEXT_MESSAGE_END" },
  { ...tool, type: "TOOL_CALL_START", toolCallName: "n", parentMessageId: "m" },
  { ...tool, type: "TOOL_CALL_ARGS", delta: "{" },
  { ...tool, type: "TOOL_CALL_END" },
  { ...tool, type: "TOOL_CALL_RESULT", messageId: "m", content: "x", role: "tool" },
  { ...base, type: "STATE_SNAPSHOT", snapshot: null },
  { ...base, type: "STATE_DELTA", delta: patch },
  {
    ...base,
    type: "MESSAGES_SNAPSHOT",
    messages: [{ role: "user" }, { id: "1", role: "tool", content: "x", status: "cut", more: 1 }],
    truncated: true,
  },
  { ...activity, type: "ACTIVITY_SNAPSHOT", content: { position: 1 }, replace: true },
  { ...activity, type: "ACTIVITY_DELTA", patch },
  { ...base, type: "CUSTOM", name: "x", value: 1 },
  { ...base, type: "RAW", event: {} },
];

Deno.test("readUiEvent() takes every type, with unknown fields kept", () => {
  for (const event of GOOD) assert.deepEqual(read(event), { kind: "known", event });
});

Deno.test("readUiEvent() needs neither run nor time, and fills in the thread", () => {
  for (const { runId: _r, timestamp: _t, threadId: _i, ...event } of GOOD) {
    assert.deepEqual(read(event), { kind: "known", event: { ...event, threadId: "thread" } });
  }
});

Deno.test("readUiEvent() refuses a known type whose fields are of another type", () => {
  for (const event of GOOD) {
    for (const field of Object.keys(event)) {
      if (
        ["type", "input", "snapshot", "content", "value", "event", "role", "result"].includes(field)
      ) {
        continue; // any value will do, or the next test has it
      }
      const wrong = field === "delta" ? 1 : { odd: true };
      assert.equal(read({ ...event, [field]: wrong }).kind, "malformed", `${event.type} ${field}`);
    }
  }
});

Deno.test("readUiEvent() refuses a known type without what it is about", () => {
  const needed = [
    "messageId",
    "delta",
    "role",
    "toolCallId",
    "toolCallName",
    "snapshot",
    "messages",
  ];
  for (
    const type of [
      "TEXT_MESSAGE_START",
      "TEXT_MESSAGE_CONTENT",
      "TOOL_CALL_START",
      "STATE_SNAPSHOT",
      "MESSAGES_SNAPSHOT",
    ]
  ) {
    const event = GOOD.find((event) => event.type === type) ?? {};
    for (const field of needed) {
      if (!(field in event)) continue;
      assert.equal(read({ ...event, [field]: undefined }).kind, "malformed", `${type} ${field}`);
    }
  }
  assert.equal(read({ ...base, type: "STATE_DELTA", delta: [{ op: "add" }] }).kind, "malformed");
  assert.equal(read({ ...base, type: "MESSAGES_SNAPSHOT", messages: [{}] }).kind, "malformed");
});

Deno.test("readUiEvent() passes an unknown type on as it came", () => {
  for (const type of ["NEW_THING", "toString", "__proto", ""]) {
    assert.deepEqual(read({ type, x: 1 }), { kind: "unknown", event: { type, x: 1 } });
  }
});

Deno.test("readUiEvent() drops another schema, and calls no event malformed", () => {
  assert.deepEqual(readUiEvent({ schema: "dartc.ui.event/0.2", event: GOOD[0] }, ""), {
    kind: "foreign",
  });
  assert.equal(readUiEvent({ event: GOOD[0] }, "").kind, "foreign");
  for (const payload of [undefined, null, 1, []]) {
    assert.equal(readUiEvent(payload, "").kind, "malformed");
  }
  for (const event of [undefined, null, [], {}, { type: 1 }]) {
    assert.equal(read(event).kind, "malformed");
  }
});

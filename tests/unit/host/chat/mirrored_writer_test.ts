import assert from "node:assert/strict";
import type { DartcUiEvent, RunWriter } from "../../../../src/dartc/mod.ts";
import { MirroredWriter } from "../../../../src/host/chat/mirrored_writer.ts";

function mirrored(writer?: RunWriter) {
  const events: DartcUiEvent[] = [];
  const mirror = new MirroredWriter({
    ...(writer === undefined ? {} : { writer }),
    requestId: "r",
    conversationId: "c",
    mirror: (event) => events.push(event),
  });
  return { events, mirror };
}

/** Type and text of each event. */
const brief = (events: readonly DartcUiEvent[]) =>
  events.map((event) => "delta" in event ? `${event.type} ${event.delta}` : event.type);

Deno.test("MirroredWriter: a run is copied in the order of dartc.md, its text gathered", () => {
  const { events, mirror } = mirrored();
  mirror.start();
  mirror.reasoning("Let me ");
  mirror.reasoning("think.");
  mirror.text("Hel");
  mirror.text("lo");
  mirror.toolCall("t", "look");
  mirror.toolArgs("t", "{}");
  mirror.toolEnd("t");
  mirror.toolResult("t", "seen");
  mirror.text(" again");
  mirror.finish();
  assert.deepEqual(brief(events), [
    "RUN_STARTED",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT Let me think.",
    "TEXT_MESSAGE_END",
    "TEXT_MESSAGE_CONTENT Hello",
    "TOOL_CALL_START",
    "TOOL_CALL_ARGS {}",
    "TOOL_CALL_END",
    "TOOL_CALL_RESULT",
    "TEXT_MESSAGE_CONTENT  again",
    "TEXT_MESSAGE_END",
    "RUN_FINISHED",
  ]);
  assert.ok(events.every(({ threadId, runId }) => threadId === "c" && runId === "r"));
  const ids = events.flatMap((event) => "messageId" in event ? [event.messageId] : []);
  assert.deepEqual([...new Set(ids)], ["r:assistant", "r:reasoning", "r:tool:t"]);
});

Deno.test("MirroredWriter: text comes after a moment, without anything that follows", async () => {
  const events: DartcUiEvent[] = [];
  const came = Promise.withResolvers<void>();
  using mirror = new MirroredWriter({
    requestId: "r",
    conversationId: "c",
    mirror: (event) => {
      events.push(event);
      came.resolve();
    },
  });
  mirror.text("a");
  mirror.text("b");
  assert.deepEqual(events, []);
  await came.promise;
  assert.deepEqual(brief(events), ["TEXT_MESSAGE_CONTENT ab"]);
});

Deno.test("MirroredWriter: what a run ends without a word with is told", () => {
  const { events, mirror } = mirrored();
  mirror.text("half");
  mirror[Symbol.dispose]();
  assert.deepEqual(brief(events), ["TEXT_MESSAGE_CONTENT half"]);
  mirror.fail("chat_failed", "It broke");
  assert.equal(events.at(-1)?.type, "RUN_ERROR");
});

Deno.test("MirroredWriter: the visitor gets everything at once, and holds the run back", () => {
  const said: string[] = [];
  const full = Promise.resolve();
  const writer: RunWriter = {
    start: () => said.push("start"),
    text: (delta) => said.push(delta),
    reasoning: (delta) => said.push(delta),
    toolCall: (_id, name) => said.push(name),
    toolArgs: (_id, delta) => said.push(delta),
    toolEnd: () => said.push("end"),
    toolResult: (_id, content) => said.push(content),
    emit: ({ type }) => said.push(type),
    finish: () => said.push("finish"),
    fail: (code) => said.push(code),
    writable: () => full,
  };
  const { mirror } = mirrored(writer);
  mirror.start();
  mirror.text("a");
  mirror.text("b");
  mirror.emit({ type: "CUSTOM", threadId: "c", name: "x" });
  mirror.finish();
  assert.deepEqual(said, ["start", "a", "b", "CUSTOM", "finish"]);
  assert.equal(mirror.writable(), full);
});

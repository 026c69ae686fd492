import assert from "node:assert/strict";
import { Message } from "../../../../web/ui/message.ts";
import { applyRunEvent } from "../../../../web/ui/run_events.ts";

const BASE = { threadId: "c", runId: "r" } as const;

function streaming(): Message {
  return new Message({ id: "m", role: "assistant" });
}

Deno.test("a message that is shown settles only when its text is on the screen", () => {
  const message = streaming();
  message.texts.subscribe(() => {}); // somebody shows it
  message.append("Hello");
  message.finish("done");
  assert.equal(message.finished, true);
  assert.equal(message.status, "streaming");
  message.shown();
  assert.equal(message.status, "done");
});

Deno.test("a message says that it is done only while all its text is on the screen", () => {
  const old = new Message({ id: "m", role: "assistant", text: "Hello", status: "done" });
  assert.deepEqual([old.status, old.shownStatus], ["done", "streaming"]);
  old.shown();
  assert.equal(old.shownStatus, "done");
  old.hidden();
  assert.equal(old.shownStatus, "streaming");

  const whole = streaming(); // text and end come before its row is there
  whole.append("Hello");
  whole.finish("done");
  assert.deepEqual([whole.status, whole.shownStatus], ["done", "streaming"]);

  const empty = new Message({ id: "m", role: "assistant", status: "error" });
  assert.equal(empty.shownStatus, "error");
  const question = new Message({ id: "m", role: "user", text: "Hello", status: "done" });
  assert.equal(question.shownStatus, "done");
});

Deno.test("a new answer is to be said aloud once, an old one never", () => {
  const [fresh, old] = [streaming(), new Message({ id: "m", role: "assistant", status: "done" })];
  assert.deepEqual([fresh.takeNews(), fresh.takeNews(), old.takeNews()], [true, false, false]);
});

Deno.test("a message that nobody shows settles at once", () => {
  const message = streaming();
  message.finish("cut", { code: "disconnected", message: "gone" });
  assert.equal(message.status, "cut");
  assert.equal(message.failure?.code, "disconnected");
});

Deno.test("text that grows is no change but at its first word", () => {
  const message = streaming();
  let [changes, texts] = [0, 0];
  message.changes.subscribe(() => changes++);
  message.texts.subscribe(() => texts++);
  for (const delta of ["a", "b", "", "c"]) message.append(delta);
  assert.deepEqual([changes, texts, message.text], [1, 3, "abc"]);
});

Deno.test("nothing is added to a message that is over", () => {
  const message = streaming();
  message.finish("cancelled");
  message.append("late");
  assert.equal(message.text, "");
});

Deno.test("the place in the queue is shown until the run begins", () => {
  const message = streaming();
  const queued = (content: unknown) =>
    applyRunEvent({
      ...BASE,
      type: "ACTIVITY_SNAPSHOT",
      messageId: "q",
      activityType: "queue",
      content,
    }, message);
  queued({ position: 3, waiting: 4 });
  assert.equal(message.place, 3);
  queued({ position: 0 });
  assert.equal(message.place, undefined);
  for (const content of [null, "x", {}, { position: "1" }]) queued(content);
  assert.equal(message.place, undefined);
  queued({ position: 1 });
  applyRunEvent({ ...BASE, type: "RUN_STARTED" }, message);
  assert.equal(message.place, undefined);
});

Deno.test("a tool call is put together from its events", () => {
  const message = streaming();
  const toolCallId = "t";
  applyRunEvent({ ...BASE, type: "TOOL_CALL_START", toolCallId, toolCallName: "look" }, message);
  applyRunEvent({ ...BASE, type: "TOOL_CALL_ARGS", toolCallId, delta: '{"a"' }, message);
  applyRunEvent({ ...BASE, type: "TOOL_CALL_ARGS", toolCallId, delta: ":1}" }, message);
  assert.deepEqual([...message.tools], [{ id: "t", name: "look", input: '{"a":1}' }]);
  applyRunEvent(
    { ...BASE, type: "TOOL_CALL_RESULT", toolCallId, messageId: "x", content: "[]" },
    message,
  );
  assert.equal(message.tools[0]?.result, "[]");
});

Deno.test("what a tool takes and returns is shown to a length that a page can bear", () => {
  const message = streaming();
  for (let i = 0; i < 4; i++) {
    const delta = "x".repeat(10_000);
    applyRunEvent({ ...BASE, type: "TOOL_CALL_ARGS", toolCallId: "t", delta }, message);
  }
  assert.equal(message.tools[0]?.input.length, 20_000);
});

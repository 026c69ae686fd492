import assert from "node:assert/strict";
import { MAX_MESSAGES, Thread } from "../../../../web/dashboard/model/thread.ts";
import { delta, said } from "./events.ts";

function lines(thread: Thread): string[] {
  return thread.messages.map(({ role, status, text }) => `${role} ${status}: ${text}`);
}

const stored = (id: string, role: string, content: string) => ({
  id,
  role,
  content,
  status: "done",
});

Deno.test("an answer grows with each piece, and is whole when it ends", () => {
  const thread = new Thread("pod", "talk");
  thread.apply(said({ type: "user", content: "Hi?" }));
  assert.ok(thread.streaming);
  thread.apply(delta("Hel"));
  assert.deepEqual(lines(thread), ["user done: Hi?", "assistant streaming: Hel"]);
  thread.apply(said({ type: "assistant", content: "Hello", status: "done" }));
  assert.deepEqual(lines(thread), ["user done: Hi?", "assistant done: Hello"]);
  assert.ok(!thread.streaming);
});

Deno.test("runs that go on at once keep their words apart", () => {
  const thread = new Thread("pod", "talk");
  thread.apply(said({ type: "user", content: "1?", runId: "a" }));
  thread.apply(said({ type: "user", content: "2?", runId: "b" }));
  thread.apply(delta("one", { runId: "a" }));
  thread.apply(delta("two", { runId: "b" }));
  thread.apply(said({ type: "assistant", content: "two", status: "done", runId: "b" }));
  assert.deepEqual(lines(thread), [
    "user done: 1?",
    "assistant streaming: one",
    "user done: 2?",
    "assistant done: two",
  ]);
});

Deno.test("an answer whose beginning was missed is made whole, and the thread wants to be loaded", () => {
  const thread = new Thread("pod", "talk");
  thread.load([]);
  thread.apply(delta("world"));
  thread.apply(said({ type: "assistant", content: "Hello world", status: "done" }));
  assert.deepEqual(lines(thread), ["assistant done: Hello world"]);
  assert.ok(!thread.loaded);
});

Deno.test("what is loaded comes before a turn that goes on, and is never there twice", () => {
  const thread = new Thread("pod", "talk");
  thread.apply(said({ type: "user", content: "New?" }));
  thread.load([stored("0", "user", "Old?"), stored("0:assistant", "assistant", "Old.")]);
  assert.deepEqual(lines(thread), [
    "user done: Old?",
    "assistant done: Old.",
    "user done: New?",
    "assistant streaming: ",
  ]);
  thread.load([stored("run:0", "user", "New?"), stored("run:assistant", "assistant", "New.")]);
  thread.apply(said({ type: "assistant", content: "New.", status: "done" }));
  assert.deepEqual(lines(thread), ["user done: New?", "assistant done: New."]);
});

Deno.test("a turn that ends while the rest is being fetched is not lost", () => {
  const thread = new Thread("pod", "talk");
  thread.apply(said({ type: "user", content: "Before?", runId: "a" }));
  thread.apply(said({ type: "assistant", content: "Before.", status: "done", runId: "a" }));
  thread.beginLoad();
  thread.apply(said({ type: "user", content: "New?" }));
  thread.apply(said({ type: "assistant", content: "New.", status: "done" }));
  thread.load([stored("a:0", "user", "Before?"), stored("a:assistant", "assistant", "Before.")]);
  const whole = [
    "user done: Before?",
    "assistant done: Before.",
    "user done: New?",
    "assistant done: New.",
  ];
  assert.deepEqual(lines(thread), whole);
});

Deno.test("a failure that is told while the rest is being fetched keeps its reason", () => {
  const thread = new Thread("pod", "talk");
  thread.beginLoad();
  thread.apply(said({ type: "user", content: "Hi?" }));
  thread.apply(said({ type: "error", code: "model_unavailable", message: "No model." }));
  thread.load([
    stored("a:0", "user", "Before?"),
    stored("a:assistant", "assistant", "Before."),
    { ...stored("run:0", "user", "Hi?"), status: "error" },
  ]);
  const whole = ["user done: Before?", "assistant done: Before.", "user done: Hi?"];
  assert.deepEqual(lines(thread), [...whole, "assistant error: "]);
  assert.equal(thread.messages.at(-1)?.failure?.message, "No model.");
});

Deno.test("a failure ends the answer with its reason", () => {
  const thread = new Thread("pod", "talk");
  thread.apply(said({ type: "user", content: "Hi?" }));
  thread.apply(said({ type: "error", code: "model_unavailable", message: "No model." }));
  const answer = thread.messages.at(-1);
  assert.equal(answer?.status, "error");
  assert.deepEqual(answer?.failure, { code: "model_unavailable", message: "No model." });
});

Deno.test("a tool call and its result are one line, told by tool events or by UI events", () => {
  const thread = new Thread("pod", "talk");
  thread.apply(said({ type: "user", content: "Hi?" }));
  const ui = { type: "TOOL_CALL_START", toolCallId: "t", toolCallName: "look", threadId: "talk" };
  thread.apply(said({ type: "ui_event", event: ui }));
  thread.apply(said({ type: "tool_call", toolCallId: "t", name: "look", input: { at: 1 } }));
  thread.apply(said({ type: "tool_result", toolCallId: "t", name: "look", output: "seen" }));
  assert.deepEqual(thread.messages.at(-1)?.tools, [
    { id: "t", name: "look", input: `{"at":1}`, result: "seen" },
  ]);
});

Deno.test("answers of a Host that was restarted are over, those of one that goes on are not", () => {
  const thread = new Thread("pod", "talk");
  thread.load([]);
  thread.apply(said({ type: "user", content: "Hi?" }));
  thread.markStale("missed");
  assert.ok(thread.streaming && !thread.loaded);
  thread.markStale("restarted");
  assert.deepEqual(lines(thread), ["user done: Hi?", "assistant cut: "]);
});

Deno.test("a thread keeps its newest messages, and a message its beginning", () => {
  const thread = new Thread("pod", "talk");
  for (let i = 0; i < MAX_MESSAGES; i++) {
    thread.apply(said({ type: "user", content: `${i}`, runId: `${i}` }));
    thread.apply(said({ type: "assistant", content: "", status: "done", runId: `${i}` }));
  }
  assert.equal(thread.messages.length, MAX_MESSAGES);
  assert.equal(thread.messages.at(-2)?.text, `${MAX_MESSAGES - 1}`);
  thread.apply(said({ type: "user", content: "long" }));
  for (let i = 0; i < 60; i++) thread.apply(delta("x".repeat(10_000)));
  assert.equal(thread.messages.at(-1)?.text.length, 500_000);
});

import assert from "node:assert/strict";
import type { ActiveRun, HistoryMessage } from "../../../../src/runtime/mod.ts";
import type { Message } from "../../../../web/ui/message.ts";
import { type Answers, threadOf } from "../../../../web/ui/thread.ts";

function entry(id: string, role: "user" | "assistant", content: string): HistoryMessage {
  return { id, role, content, status: "done" };
}

function run(runId: string, questionId: string, text = ""): ActiveRun {
  return {
    runId,
    messageId: `${runId}:assistant`,
    questionId,
    conversationId: "c",
    text,
    reasoning: "",
    startedAt: 0,
  };
}

function texts(thread: readonly Message[]): string[] {
  return thread.map(({ role, text, status }) => `${role} ${status}: ${text}`);
}

Deno.test("the thread is the history, with the answers that are being given after their questions", () => {
  const history = [entry("1", "user", "one"), entry("2", "user", "two")];
  const thread = threadOf([], history, [run("r2", "2", "so far"), run("r1", "1")], new Map());
  assert.deepEqual(texts(thread), [
    "user done: one",
    "assistant streaming: ",
    "user done: two",
    "assistant streaming: so far",
  ]);
});

Deno.test("an answer keeps its object when it is whole, and gets what was not shown yet", () => {
  const answers: Answers = new Map();
  const question = entry("1", "user", "one");
  const before = threadOf([], [question], [run("r", "1")], answers);
  answers.get("r")?.append("Hel");
  const after = threadOf(
    before,
    [question, entry("r:assistant", "assistant", "Hello")],
    [],
    answers,
  );
  assert.equal(after, before, "nothing moved");
  assert.deepEqual(texts(after), ["user done: one", "assistant done: Hello"]);
  assert.equal(answers.size, 0);
});

Deno.test("an answer whose last words still wait for a frame stays in its place", () => {
  const answers: Answers = new Map();
  const history = [entry("1", "user", "one"), entry("r:assistant", "assistant", "Hello")];
  const before = threadOf([], history.slice(0, 1), [run("r", "1")], answers);
  answers.get("r")?.texts.subscribe(() => {}); // it is on the screen
  const first = threadOf(before, history, [], answers);
  assert.equal(first[1]?.status, "streaming");
  assert.equal(threadOf(first, history, [], answers)[1], before[1]);
});

Deno.test("an answer that the Host gave an id of its own is still the same", () => {
  const answers: Answers = new Map();
  const question = entry("1", "user", "one");
  const before = threadOf([], [question], [run("r", "1")], answers);
  const renamed = { ...run("r", "1"), messageId: "m-77" };
  assert.equal(threadOf(before, [question], [renamed], answers), before);
  const after = threadOf(before, [question, entry("m-77", "assistant", "Yes")], [], answers);
  assert.equal(after[1], before[1]);
});

Deno.test("a snapshot that knows the same messages under other ids changes nothing", () => {
  const before = threadOf(
    [],
    [entry("1", "user", "a"), entry("2", "assistant", "b")],
    [],
    new Map(),
  );
  const after = threadOf(
    before,
    [entry("x", "user", "a"), entry("y", "assistant", "b")],
    [],
    new Map(),
  );
  assert.equal(after, before);
});

Deno.test("what the history no longer has goes, and what changed is shown anew", () => {
  const before = threadOf(
    [],
    [entry("1", "user", "a"), entry("2", "assistant", "b"), entry("3", "user", "c")],
    [],
    new Map(),
  );
  const after = threadOf(
    before,
    [entry("1", "user", "a"), entry("2", "assistant", "B")],
    [],
    new Map(),
  );
  assert.deepEqual(texts(after), ["user done: a", "assistant done: B"]);
  assert.equal(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
});

Deno.test("how an answer ended, and why, comes from the history", () => {
  const failed: HistoryMessage = {
    ...entry("2", "assistant", ""),
    status: "error",
    error: { code: "model_unavailable", message: "No model" },
  };
  const [, answer] = threadOf([], [entry("1", "user", "a"), failed], [], new Map());
  assert.equal(answer?.status, "error");
  assert.equal(answer?.failure?.code, "model_unavailable");
});

Deno.test("messages of the system and of tools are not shown", () => {
  const history: HistoryMessage[] = [
    { ...entry("0", "user", "prompt"), role: "system" },
    entry("1", "user", "a"),
    { ...entry("2", "user", "{}"), role: "tool" },
  ];
  assert.deepEqual(texts(threadOf([], history, [], new Map())), ["user done: a"]);
});

import assert from "node:assert/strict";
import type { ChatChunk } from "../../../src/runtime/mod.ts";
import { fakeRuntime } from "./fake_runtime.ts";
import { settled } from "./fake_clock.ts";

async function read(chunks: AsyncIterable<ChatChunk>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk.delta;
  return text;
}

Deno.test("a run whose error is told by RUN_ERROR alone fails all the same", async () => {
  await using fake = fakeRuntime();
  const answer = fake.runtime.chat.send("hello");
  await settled();
  const { runId, conversationId: threadId } = fake.transport().request(0);
  fake.transport().ui({ type: "RUN_ERROR", threadId, runId, message: "no", code: "rate_limited" });
  const failed = assert.rejects(answer, { code: "rate_limited", message: "no" });
  await fake.clock.advance(1_000);
  await failed;
  assert.deepEqual(fake.transport().cancelled, [runId], "nobody waits for more of it");
});

Deno.test("nobody has to read a stream: its answer comes, merged where it is long", async () => {
  await using fake = fakeRuntime();
  const chunks = fake.runtime.chat.stream("hello");
  await settled();
  fake.transport().answer(0, Array.from({ length: 5_000 }, () => "x"));
  assert.equal(fake.runtime.chat.history().at(-1)?.content.length, 5_000);
  let count = 0;
  let text = "";
  for await (const chunk of chunks) {
    count++;
    text += chunk.delta;
  }
  assert.equal(text.length, 5_000);
  assert(count < 2_000, `${count} chunks`);
});

Deno.test("the Host may name the message of an answer", async () => {
  await using fake = fakeRuntime();
  const answer = read(fake.runtime.chat.stream("hello"));
  await settled();
  const { runId, conversationId: threadId } = fake.transport().request(0);
  const start = { threadId, runId, messageId: "own-id", role: "assistant" };
  fake.transport().ui({ type: "TEXT_MESSAGE_START", ...start });
  fake.transport().answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
  assert.equal(fake.runtime.chat.history().at(-1)?.id, "own-id");
});

for (const end of ["done", "RUN_FINISHED"] as const) {
  Deno.test(`a RUN_ERROR that ${end} follows is still a failure`, async () => {
    await using fake = fakeRuntime();
    const answer = fake.runtime.chat.send("hello");
    await settled();
    const transport = fake.transport();
    transport.piece(0, "half an ans");
    const { runId, conversationId: threadId } = transport.request(0);
    transport.ui({ type: "RUN_ERROR", threadId, runId, message: "no", code: "chat_failed" });
    if (end === "done") transport.context.emit({ type: "done", runId });
    else transport.ui({ type: "RUN_FINISHED", threadId, runId });
    await assert.rejects(answer, { code: "chat_failed" });
    const { content, status } = fake.runtime.chat.history().at(-1) ?? {};
    assert.deepEqual([content, status], ["half an ans", "error"]);
    assert.equal(fake.clock.waiting, 1, "only the transport is looked after");
  });
}

Deno.test("a Host that gives every answer the same id, or one that is taken, takes no turn away", async () => {
  await using fake = fakeRuntime();
  const { chat, conversationId: threadId } = fake.runtime;
  await fake.runtime.connect();
  const ids = ["answer", "answer", "question"];
  for (const [index, id] of ids.entries()) {
    const reading = chat.send(`${index}?`);
    const messageId = id === "question" ? chat.history().at(-1)?.id ?? "" : id;
    const { runId } = fake.transport().request(index);
    fake.transport().ui({
      type: "TEXT_MESSAGE_START",
      threadId,
      runId,
      messageId,
      role: "assistant",
    });
    fake.transport().answer(index, [`${index}!`]);
    await reading;
  }
  assert.deepEqual(chat.history().map(({ content }) => content), [
    "0?",
    "0!",
    "1?",
    "1!",
    "2?",
    "2!",
  ]);
  assert.equal(new Set(chat.history().map(({ id }) => id)).size, 6);
});

Deno.test("an answer that a snapshot brought before its end is there once", async () => {
  await using fake = fakeRuntime();
  const { chat, conversationId: threadId } = fake.runtime;
  await fake.runtime.connect();
  const answer = chat.send("hello?");
  fake.transport().piece(0, "Hi!");
  const messages = [
    { role: "user", content: "hello?" },
    { role: "tool", content: "42" },
    { role: "assistant", content: "Hi!", id: `${fake.transport().request(0).runId}:assistant` },
  ];
  fake.transport().ui({ type: "MESSAGES_SNAPSHOT", threadId, messages });
  fake.transport().answer(0, []);
  assert.equal(await answer, "Hi!");
  const said = chat.history().filter(({ role }) => role !== "tool");
  assert.deepEqual(said.map(({ content }) => content), ["hello?", "Hi!"]);
});

Deno.test("an answer without an end is stopped, here and on the Host", async () => {
  await using fake = fakeRuntime();
  const answer = assert.rejects(fake.runtime.chat.send("hello"), { code: "answer_too_long" });
  await settled();
  const piece = "x".repeat(250_000);
  for (let index = 0; index < 40; index++) fake.transport().piece(0, piece, "reasoning");
  await answer;
  assert.deepEqual(fake.transport().cancelled, [fake.transport().request(0).runId]);
  const { reasoning, status } = fake.runtime.chat.history().at(-1) ?? {};
  assert.equal(status, "error");
  assert.ok((reasoning?.length ?? 0) <= 8_250_000);
});

Deno.test("a flood of RUN_ERROR waits for one answer's end, not for each", async () => {
  await using fake = fakeRuntime();
  const answer = assert.rejects(fake.runtime.chat.send("hello"), { message: "no 0" });
  await settled();
  const { runId, conversationId: threadId } = fake.transport().request(0);
  for (let index = 0; index < 100; index++) {
    fake.transport().ui({ type: "RUN_ERROR", threadId, runId, message: `no ${index}` });
  }
  assert.ok(fake.clock.waiting <= 2, `${fake.clock.waiting} timers`);
  await fake.clock.advance(1_000);
  await answer;
});

Deno.test("what a page without types asks or sets wrongly is said", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  const wrong: unknown[] = [
    { text: 7 },
    { messages: [null] },
    { messages: [{ role: "user" }] },
    { messages: [{ role: "robot", content: "x" }, { role: "user", content: "x" }] },
  ];
  for (const input of wrong) {
    // What JavaScript may hand over.
    await assert.rejects(chat.send(input as string), { code: "bad_chat_request" });
  }
  for (const messages of [null, "x", [7], [{ role: "user" }], [{ role: "robot", content: "" }]]) {
    assert.throws(() => chat.setHistory(messages as []), { name: "TypeError" });
  }
  assert.deepEqual(chat.history(), []);
  chat.setHistory([Object.assign({ role: "user" as const, content: "x" }, { extra: 1n })]);
  assert.deepEqual(Object.keys(chat.history()[0] ?? {}), ["id", "role", "content", "status"]);
});

Deno.test("pieces with nothing in them are no pieces", async () => {
  await using fake = fakeRuntime();
  const chunks: ChatChunk[] = [];
  const reading = (async () => {
    for await (const chunk of fake.runtime.chat.stream("hello")) chunks.push(chunk);
  })();
  await settled();
  fake.transport().answer(0, ["", "Hi", "", ""]);
  await reading;
  assert.deepEqual(chunks.map(({ delta, done }) => [delta, done]), [["Hi", undefined], ["", true]]);
});

Deno.test("a transport that throws at a question fails it, and a signal that is none leaves nothing", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  await fake.runtime.connect();
  fake.transport().chat = () => {
    throw new Error("no");
  };
  await assert.rejects(chat.send("hello"), { message: "no" });
  assert.equal(chat.history().at(-1)?.status, "error");
  const signal = {} as AbortSignal; // what JavaScript may hand over
  await assert.rejects(chat.send({ text: "more", signal }), { name: "TypeError" });
  assert.deepEqual(chat.active(), []);
  assert.equal(chat.history().length, 2);
});

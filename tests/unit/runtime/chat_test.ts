import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import type { ChatChunk } from "../../../src/runtime/mod.ts";
import { fakeRuntime } from "./fake_runtime.ts";
import { settled } from "./fake_clock.ts";

async function read(chunks: AsyncIterable<ChatChunk>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk.delta;
  return text;
}

Deno.test("stream() connects, asks with the history, and gives the pieces as they come", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  chat.setHistory([{ role: "user", content: "a" }, { role: "assistant", content: "b" }]);
  const chunks = chat.stream("hello")[Symbol.asyncIterator]();
  await settled();
  const request = fake.transport().request(0);
  assert.deepEqual(request.messages.map(({ role, content }) => [role, content]), [
    ["user", "a"],
    ["assistant", "b"],
    ["user", "hello"],
  ]);
  assert.equal(request.conversationId, fake.runtime.conversationId);
  fake.transport().piece(0, "Hi");
  const messageId = `${request.runId}:assistant`;
  assert.deepEqual((await chunks.next()).value, { delta: "Hi", runId: request.runId, messageId });
  fake.transport().answer(0, ["!"]);
  assert.equal((await chunks.next()).value.delta, "!");
  const last = await chunks.next();
  assert.deepEqual(last.value, { delta: "", runId: request.runId, messageId, done: true });
  assert.equal((await chunks.next()).done, true);
  assert.deepEqual(
    chat.history().map(({ role, content, status }) => [role, content, status]).slice(2),
    [["user", "hello", "done"], ["assistant", "Hi!", "done"]],
  );
});

Deno.test("send() gives the whole answer, without what the model thought", async () => {
  await using fake = fakeRuntime();
  const answer = fake.runtime.chat.send("hello");
  await settled();
  fake.transport().piece(0, "hm", "reasoning");
  fake.transport().answer(0, ["Hi", "!"]);
  assert.equal(await answer, "Hi!");
  assert.equal(fake.runtime.chat.history().at(-1)?.reasoning, "hm");
});

Deno.test("a question is in the history at once, its answer when it is whole, each told", async () => {
  await using fake = fakeRuntime();
  const { chat, events } = fake.runtime;
  const told: number[] = [];
  events.on("chat.history", ({ messages }) => told.push(messages.length));
  const answer = chat.send("hello");
  assert.equal(chat.history().length, 1);
  assert.equal(chat.active()[0]?.text, "");
  await settled();
  fake.transport().piece(0, "H");
  assert.equal(chat.active()[0]?.text, "H");
  assert.equal(chat.history().length, 1);
  fake.transport().answer(0, ["i"]);
  await answer;
  assert.deepEqual(chat.active(), []);
  assert.deepEqual(told, [1, 2]);
});

Deno.test("two answers at once are kept apart, each behind its question", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  const [one, two] = [chat.send("one?"), chat.send("two?")];
  await settled();
  const transport = fake.transport();
  transport.piece(1, "2a ");
  transport.piece(0, "1a ");
  transport.answer(1, ["2b"]);
  transport.answer(0, ["1b"]);
  assert.equal(await one, "1a 1b");
  assert.equal(await two, "2a 2b");
  assert.deepEqual(chat.history().map(({ content }) => content), [
    "one?",
    "1a 1b",
    "two?",
    "2a 2b",
  ]);
});

Deno.test("an aborted signal cancels on the Host and keeps what was said", async () => {
  await using fake = fakeRuntime();
  const controller = new AbortController();
  const answer = fake.runtime.chat.send({ text: "hello", signal: controller.signal });
  await settled();
  fake.transport().piece(0, "Hi th");
  await settled();
  controller.abort(new Error("enough"));
  await assert.rejects(answer, { message: "enough" });
  const { runId } = fake.transport().request(0);
  assert.deepEqual(fake.transport().cancelled, [runId]);
  const { content, status } = fake.runtime.chat.history().at(-1) ?? {};
  assert.deepEqual([content, status], ["Hi th", "cancelled"]);
});

Deno.test("what still comes of a cancelled run is not shown, but for its end", async () => {
  await using fake = fakeRuntime();
  const controller = new AbortController();
  const answer = fake.runtime.chat.send({ text: "hello", signal: controller.signal });
  await settled();
  const transport = fake.transport();
  const { runId, conversationId: threadId } = transport.request(0);
  controller.abort();
  await assert.rejects(answer, { name: "AbortError" });
  const messageId = `${runId}:assistant`;
  transport.ui({ type: "TEXT_MESSAGE_CONTENT", threadId, runId, messageId, delta: "late" });
  transport.piece(0, "late");
  transport.ui({ type: "RUN_FINISHED", threadId, runId });
  const seen = fake.events.filter(({ type }) => type === "ui.event");
  assert.equal(seen.length, 1);
  assert.equal(fake.runtime.chat.history().length, 2);
});

Deno.test("a signal that is aborted already asks nothing", async () => {
  await using fake = fakeRuntime();
  const input = { text: "hello", signal: AbortSignal.abort(new Error("no")) };
  await assert.rejects(fake.runtime.chat.send(input), { message: "no" });
  assert.deepEqual(fake.runtime.chat.history(), []);
});

Deno.test("leaving the loop early cancels the answer", async () => {
  await using fake = fakeRuntime();
  const reading = (async () => {
    for await (const _chunk of fake.runtime.chat.stream("hello")) break;
  })();
  await settled();
  fake.transport().piece(0, "Hi");
  await reading;
  assert.equal(fake.transport().cancelled.length, 1);
  assert.equal(fake.runtime.chat.history().at(-1)?.status, "cancelled");
});

Deno.test("an error carries the code of the wire, and the failure stays in the history", async () => {
  await using fake = fakeRuntime();
  const answer = fake.runtime.chat.send("hello");
  await settled();
  const transport = fake.transport();
  const { runId, conversationId: threadId } = transport.request(0);
  transport.ui({ type: "RUN_ERROR", threadId, runId, message: "no model" });
  const error = new CodedError("model_unavailable", "no model");
  transport.context.emit({ type: "failed", runId, error });
  await assert.rejects(answer, { code: "model_unavailable" });
  assert.deepEqual(fake.runtime.chat.history().at(-1)?.error, {
    code: "model_unavailable",
    message: "no model",
  });
  const again = fake.runtime.chat.send("again?");
  assert.deepEqual(transport.request(1).messages.map(({ content }) => content), [
    "hello",
    "again?",
  ]);
  transport.answer(1, ["yes"]);
  assert.equal(await again, "yes");
});

Deno.test("a run whose error is told by RUN_ERROR alone fails all the same", async () => {
  await using fake = fakeRuntime();
  const answer = fake.runtime.chat.send("hello");
  await settled();
  const { runId, conversationId: threadId } = fake.transport().request(0);
  fake.transport().ui({ type: "RUN_ERROR", threadId, runId, message: "no", code: "rate_limited" });
  const failed = assert.rejects(answer, { code: "rate_limited", message: "no" });
  await fake.clock.advance(1_000);
  await failed;
});

Deno.test("a question that cannot be asked at all fails with the connection's error", async () => {
  await using fake = fakeRuntime({
    prepare: (transport) => {
      transport.onConnect = () => Promise.reject(new CodedError("origin_offline", "offline"));
    },
  });
  await assert.rejects(fake.runtime.chat.send("hello"), { code: "origin_offline" });
  const { role, content, status } = fake.runtime.chat.history().at(-1) ?? {};
  assert.deepEqual([role, content, status], ["assistant", "", "error"]);
});

Deno.test("a lost connection cuts every answer and marks it; asking again works", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  const one = chat.send("one?");
  const two = chat.send("two?");
  await settled();
  fake.transport().piece(0, "half an ans");
  fake.transport().drop();
  await assert.rejects(one, { code: "disconnected" });
  await assert.rejects(two, { code: "disconnected" });
  assert.deepEqual(chat.history().map(({ content, status }) => [content, status]), [
    ["one?", "done"],
    ["half an ans", "cut"],
    ["two?", "done"],
    ["", "cut"],
  ]);
  chat.setHistory(chat.history().slice(0, 0));
  const again = chat.send("one?");
  await settled();
  fake.transport().answer(2, ["a whole answer"]);
  assert.equal(await again, "a whole answer");
});

Deno.test("a page that goes away keeps what there is of an answer, as cut", async () => {
  const storage = (await import("../../../src/runtime/mod.ts")).memoryStorage();
  await using fake = fakeRuntime({ adapter: { storage } });
  const answer = fake.runtime.chat.send("hello");
  answer.catch(() => {});
  await settled();
  fake.transport().piece(0, "Hi th");
  fake.signal("pagehide");
  assert.equal(fake.transport().abandoned, 1);
  await using after = fakeRuntime({ adapter: { storage } });
  assert.equal(after.runtime.conversationId, fake.runtime.conversationId);
  assert.deepEqual(
    after.runtime.chat.history().map(({ content, status }) => [content, status]),
    [["hello", "done"], ["Hi th", "cut"]],
  );
});

Deno.test("clear() cancels what runs, empties the history and begins a new conversation", async () => {
  await using fake = fakeRuntime();
  const { runtime } = fake;
  const before = runtime.conversationId;
  await runtime.state.replace({ cart: 1 });
  const answer = runtime.chat.send("hello");
  await settled();
  await runtime.chat.clear();
  await assert.rejects(answer, { code: "cancelled" });
  assert.deepEqual(runtime.chat.history(), []);
  assert.notEqual(runtime.conversationId, before);
  assert.deepEqual(runtime.state.get(), {});
  assert.equal(fake.transport().cancelled.length, 1);
  assert.equal(runtime.chat.conversations().length, 2);
  await runtime.chat.open(before);
  assert.equal(runtime.chat.history()[1]?.status, "cancelled");
  await assert.rejects(runtime.chat.open("nobody-knows-this-one"), {
    code: "unknown_conversation",
  });
});

Deno.test("messages of the caller's own are what is sent; the history gets what it lacks", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  chat.setHistory([{ role: "user", content: "a" }, { role: "assistant", content: "b" }]);
  const answer = chat.send({
    messages: [{ role: "system", content: "s" }, { role: "user", content: "c" }],
    text: "d",
    model: "m",
  });
  await settled();
  const { messages, model } = fake.transport().request(0);
  assert.deepEqual(messages.map(({ content }) => content), ["s", "c", "d"]);
  assert.equal(model, "m");
  fake.transport().answer(0, ["e"]);
  await answer;
  assert.deepEqual(chat.history().map(({ content }) => content), ["a", "b", "d", "e"]);
  const more = chat.send({ messages: [...chat.history(), { role: "user", content: "f" }] });
  fake.transport().answer(1, ["g"]);
  await more;
  assert.deepEqual(chat.history().map(({ content }) => content).slice(4), ["f", "g"]);
});

Deno.test("another conversation than the current one leaves the history alone", async () => {
  await using fake = fakeRuntime();
  const conversationId = "another-conversation-0123";
  const answer = fake.runtime.chat.send({ text: "hello", conversationId });
  await settled();
  assert.equal(fake.transport().request(0).conversationId, conversationId);
  fake.transport().answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
  assert.deepEqual(fake.runtime.chat.history(), []);
});

Deno.test("there must be a question", async () => {
  await using fake = fakeRuntime();
  for (
    const input of ["", "  ", {}, { messages: [{ role: "assistant" as const, content: "x" }] }]
  ) {
    await assert.rejects(fake.runtime.chat.send(input), { code: "bad_chat_request" });
  }
  assert.deepEqual(fake.runtime.chat.history(), []);
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

Deno.test("an answer that the Host stopped is not shown as whole", async () => {
  await using fake = fakeRuntime();
  const answer = fake.runtime.chat.send("hello");
  await settled();
  fake.transport().piece(0, "half an ans");
  const { runId } = fake.transport().request(0);
  fake.transport().context.emit({ type: "done", runId, finishReason: "cancelled" });
  await assert.rejects(answer, { code: "cancelled" });
  const { content, status } = fake.runtime.chat.history().at(-1) ?? {};
  assert.deepEqual([content, status], ["half an ans", "cancelled"]);
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

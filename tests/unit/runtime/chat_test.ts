import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import { type ChatChunk, memoryStorage } from "../../../src/runtime/mod.ts";
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

Deno.test("stream, send, setHistory, clear and MESSAGES_SNAPSHOT tell of the history", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  await fake.runtime.connect();
  const told = () =>
    fake.events.splice(0).flatMap((event) =>
      event.type === "chat.history" ? [event.messages.map(({ content }) => content)] : []
    );
  const reading = read(chat.stream("one?"));
  assert.deepEqual(told(), [["one?"]]);
  fake.transport().answer(0, ["1"]);
  await reading;
  assert.deepEqual(told(), [["one?", "1"]]);
  const sending = chat.send("two?");
  fake.transport().answer(1, ["2"]);
  await sending;
  assert.deepEqual(told(), [["one?", "1", "two?"], ["one?", "1", "two?", "2"]]);
  chat.setHistory([{ role: "user", content: "set" }]);
  assert.deepEqual(told(), [["set"]]);
  const threadId = fake.runtime.conversationId;
  const messages = [{ role: "user", content: "set" }, { role: "assistant", content: "known" }];
  fake.transport().ui({ type: "MESSAGES_SNAPSHOT", threadId, messages });
  assert.deepEqual(told(), [["set", "known"]]);
  await chat.clear();
  assert.deepEqual(told(), [[]]);
});

Deno.test("setHistory() and clear() are kept: a reload finds what they left", async () => {
  const storage = memoryStorage();
  await using fake = fakeRuntime({ adapter: { storage } });
  fake.runtime.chat.setHistory([{ role: "user", content: "set", id: "x".repeat(2_000) }]);
  await using second = fakeRuntime({ adapter: { storage } });
  assert.deepEqual(second.runtime.chat.history(), fake.runtime.chat.history());
  assert.equal(second.runtime.chat.history()[0]?.id.length, 36, "an id is no text to keep");
  await fake.runtime.chat.clear();
  await using third = fakeRuntime({ adapter: { storage } });
  assert.equal(third.runtime.conversationId, fake.runtime.conversationId);
  assert.deepEqual(third.runtime.chat.history(), []);
});

import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import { memoryStorage } from "../../../src/runtime/mod.ts";
import { fakeRuntime } from "./fake_runtime.ts";
import { settled } from "./fake_clock.ts";

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
  const storage = memoryStorage();
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

Deno.test("what a stopped answer made of the state stands", async () => {
  await using fake = fakeRuntime();
  const { state, events, chat } = fake.runtime;
  const controller = new AbortController();
  const answer = chat.send({ text: "two soups", signal: controller.signal });
  await settled();
  const transport = fake.transport();
  const { runId, conversationId: threadId } = transport.request(0);
  controller.abort();
  await assert.rejects(answer, { name: "AbortError" });
  const seen: string[] = [];
  events.on("ui.event", ({ event }) => seen.push(event.type));
  transport.ui({ type: "STATE_SNAPSHOT", threadId, runId, snapshot: { cart: [] } });
  const delta = [{ op: "add", path: "/cart/-", value: "soup" }];
  transport.ui({ type: "STATE_DELTA", threadId, runId, delta });
  transport.ui({ type: "CUSTOM", threadId, runId, name: "x" });
  assert.deepEqual(state.get(), { cart: ["soup"] });
  assert.deepEqual(seen, ["STATE_SNAPSHOT", "STATE_DELTA"]);
});

Deno.test("a question that is stopped by whoever hears of it is not asked", async () => {
  await using fake = fakeRuntime();
  const { chat, events } = fake.runtime;
  await fake.runtime.connect();
  events.once("chat.history", () => void chat.clear());
  await assert.rejects(chat.send("hello"), { code: "cancelled" });
  assert.equal(fake.transport().asked.length, 0);
  assert.deepEqual(fake.transport().cancelled, []);
});

Deno.test("who hears that one answer was cut may stop the others", async () => {
  await using fake = fakeRuntime();
  const { chat, events, conversationId } = fake.runtime;
  const answers = ["one?", "two?"].map((question) => chat.send(question).catch(({ code }) => code));
  await settled();
  events.once("chat.history", () => void chat.clear());
  fake.transport().drop();
  assert.deepEqual(await Promise.all(answers), ["disconnected", "cancelled"]);
  await chat.open(conversationId);
  assert.deepEqual(chat.history().map(({ status }) => status), [
    "done",
    "cut",
    "done",
    "cancelled",
  ]);
});

Deno.test("a page that goes away marks the questions that were not asked yet as well", async () => {
  const storage = memoryStorage();
  await using fake = fakeRuntime({
    adapter: { storage },
    prepare: (transport) => {
      transport.onConnect = () => new Promise(() => {});
    },
  });
  const answer = assert.rejects(fake.runtime.chat.send("hello"), { code: "disconnected" });
  await settled();
  fake.signal("pagehide");
  await answer;
  await using after = fakeRuntime({ adapter: { storage } });
  assert.deepEqual(
    after.runtime.chat.history().map(({ role, status }) => [role, status]),
    [["user", "done"], ["assistant", "cut"]],
  );
});

Deno.test("a signal is let go of when its answer ends, whichever way", async () => {
  for (const end of ["done", "failed", "closed", "aborted", "destroyed"] as const) {
    await using fake = fakeRuntime();
    await fake.runtime.connect();
    const controller = new AbortController();
    const { signal } = controller;
    let listening = 0;
    signal.addEventListener = () => listening++;
    signal.removeEventListener = () => listening--;
    const answer = fake.runtime.chat.send({ text: "hello", signal }).catch(() => {});
    assert.equal(listening, 1);
    const transport = fake.transport();
    const { runId } = transport.request(0);
    if (end === "done") transport.answer(0, ["Hi"]);
    else if (end === "failed") {
      transport.context.emit({ type: "failed", runId, error: new CodedError("chat_failed", "") });
    } else if (end === "closed") transport.drop();
    else if (end === "aborted") await fake.runtime.chat.clear();
    else await fake.runtime.destroy();
    await answer;
    assert.equal(listening, 0, end);
  }
});

Deno.test("a signal that is aborted when the answer is whole changes nothing", async () => {
  await using fake = fakeRuntime();
  const controller = new AbortController();
  const answer = fake.runtime.chat.send({ text: "hello", signal: controller.signal });
  await settled();
  fake.transport().answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
  const before = fake.runtime.chat.history();
  controller.abort();
  assert.deepEqual(fake.transport().cancelled, []);
  assert.deepEqual(fake.runtime.chat.history(), before);
});

Deno.test("a conversation that is not kept stops no answer of the one that is shown", async () => {
  await using fake = fakeRuntime();
  const { chat } = fake.runtime;
  const answer = chat.send("hello");
  await settled();
  await assert.rejects(chat.open("nobody-knows-this-one"), { code: "unknown_conversation" });
  fake.transport().answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
});

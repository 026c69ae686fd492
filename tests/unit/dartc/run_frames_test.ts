import assert from "node:assert/strict";
import {
  DEFAULT_RATE_LIMITS,
  type Feature,
  type Frame,
  type RunWriter,
} from "../../../src/dartc/mod.ts";
import { type OpenOrigin, openOriginAfterHello, question } from "./open_origin.ts";

const THREAD = "conv_0123456789abcdefghij";

interface OpenRun extends OpenOrigin {
  readonly run: RunWriter;
  /** What the run sent so far, a line a frame. */
  lines(): string[];
  /** The same as frames. */
  written(): Frame[];
}

const EVENTS = {
  on_run_started: [{ name: "started", value: 1 }],
  on_run_finished: [{ name: "finished" }],
};

async function openRun(features: readonly Feature[] = []): Promise<OpenRun> {
  const open = await openOriginAfterHello({}, { features });
  open.channel.send(await open.visitor.text("gemmapod.chat.request", question("r1")));
  const before = open.frames().length;
  const run = open.origin.run({ requestId: "r1", threadId: THREAD, events: EVENTS });
  const written = () => open.frames().slice(before);
  return { ...open, run, written, lines: () => written().map(line) };
}

/** A frame in one line: what it is, its text, its place in the stream. */
function line({ topic, payload, dartc }: Frame): string {
  const { event, ...rest } = payload as { event?: Record<string, unknown>; delta?: string };
  const words = event === undefined
    ? [topic.replace("gemmapod.", ""), JSON.stringify(rest.delta)]
    : [event.type, event.messageId ?? event.toolCallId ?? event.name, JSON.stringify(event.delta)];
  if (dartc?.chunk_id !== undefined) words.push(`#${dartc.chunk_id}`);
  if (dartc?.is_final) words.push("final");
  return words.filter((word) => word !== undefined).join(" ");
}

Deno.test("RunWriter writes a run in the order of the page, each piece in two frames for an old peer", async () => {
  const { run, lines, written } = await openRun();
  run.start();
  run.text("Hel");
  run.text("lo");
  run.finish({ finishReason: "stop", usage: { outputTokens: 2 } });
  assert.deepEqual(lines(), [
    "RUN_STARTED",
    "CUSTOM started",
    "TEXT_MESSAGE_START r1:assistant",
    'TEXT_MESSAGE_CONTENT r1:assistant "Hel" #1',
    'chat.delta "Hel" #1',
    'TEXT_MESSAGE_CONTENT r1:assistant "lo" #2',
    'chat.delta "lo" #2',
    "TEXT_MESSAGE_END r1:assistant final",
    "chat.done final",
    "RUN_FINISHED final",
    "CUSTOM finished",
  ]);
  for (const { payload, dartc } of written()) {
    const { event, request_id } = payload as {
      event?: Record<string, unknown>;
      request_id?: string;
    };
    if (event === undefined) assert.equal(request_id, "r1");
    else assert.deepEqual([event.runId, event.threadId], ["r1", THREAD]);
    if (dartc?.chunk_id !== undefined || dartc?.is_final) assert.equal(dartc.stream, true);
  }
  const done = written().find((frame) => frame.topic === "gemmapod.chat.done");
  assert.deepEqual(done?.payload, {
    request_id: "r1",
    finish_reason: "stop",
    usage: { outputTokens: 2 },
  });
});

Deno.test("RunWriter sends no chat.delta to a peer that names chat.single", async () => {
  const { run, lines } = await openRun(["chat.single"]);
  run.text("Hi");
  run.finish();
  assert.deepEqual(lines(), [
    "RUN_STARTED",
    "CUSTOM started",
    "TEXT_MESSAGE_START r1:assistant",
    'TEXT_MESSAGE_CONTENT r1:assistant "Hi" #1',
    "TEXT_MESSAGE_END r1:assistant final",
    "chat.done final",
    "RUN_FINISHED final",
    "CUSTOM finished",
  ]);
});

Deno.test("RunWriter sends reasoning as a message of its own, with its own chunk numbers", async () => {
  const { run, lines, written } = await openRun();
  run.start();
  run.reasoning("hm");
  run.text("Hi");
  run.finish();
  assert.deepEqual(lines().slice(3, 8), [
    "TEXT_MESSAGE_START r1:reasoning",
    'TEXT_MESSAGE_CONTENT r1:reasoning "hm" #1',
    "TEXT_MESSAGE_END r1:reasoning",
    'TEXT_MESSAGE_CONTENT r1:assistant "Hi" #1',
    'chat.delta "Hi" #1',
  ]);
  const start = written()[3]?.payload as { event: { role: string } }; // our own
  assert.equal(start.event.role, "reasoning");
});

Deno.test("RunWriter sends reasoning as chat.delta only to a peer that names chat.reasoning", async () => {
  const { run, written } = await openRun(["chat.reasoning"]);
  run.reasoning("hm");
  const last = written().at(-1);
  assert.equal(last?.topic, "gemmapod.chat.delta");
  assert.deepEqual(last?.payload, { request_id: "r1", delta: "hm", kind: "reasoning" });
  const single = await openRun(["chat.reasoning", "chat.single"]);
  single.run.reasoning("hm");
  assert.equal(single.written().at(-1)?.topic, "gemmapod.ui.event");
});

Deno.test("RunWriter puts a tool call where it happens, and reasons again after it", async () => {
  const { run, lines, written } = await openRun(["chat.single"]);
  run.reasoning("a");
  run.toolCall("t1", "share_contact");
  run.toolArgs("t1", '{"a":1}');
  run.toolEnd("t1");
  run.toolResult("t1", "done");
  run.reasoning("b");
  run.text("c");
  run.finish();
  assert.deepEqual(lines().slice(3, -4), [
    "TEXT_MESSAGE_START r1:reasoning",
    'TEXT_MESSAGE_CONTENT r1:reasoning "a" #1',
    "TEXT_MESSAGE_END r1:reasoning",
    "TOOL_CALL_START t1",
    'TOOL_CALL_ARGS t1 "{\\"a\\":1}"',
    "TOOL_CALL_END t1",
    "TOOL_CALL_RESULT r1:tool:t1",
    "TEXT_MESSAGE_START r1:reasoning",
    'TEXT_MESSAGE_CONTENT r1:reasoning "b" #2',
    "TEXT_MESSAGE_END r1:reasoning",
    'TEXT_MESSAGE_CONTENT r1:assistant "c" #1',
  ]);
  const start = written()[6]?.payload as { event: Record<string, unknown> }; // our own
  assert.equal(start.event.toolCallName, "share_contact");
  assert.equal(start.event.parentMessageId, "r1:assistant");
});

Deno.test("RunWriter sends a failure as RUN_ERROR and then dartc.error, and nothing after it", async () => {
  const { run, lines, written } = await openRun(["chat.single"]);
  run.text("Hi");
  run.fail("chat_failed", "The model broke off");
  run.text("more");
  run.finish();
  run.fail("chat_failed", "again");
  assert.deepEqual(lines().slice(4), ["RUN_ERROR final", "dartc.error"]);
  assert.deepEqual(written().at(-1)?.payload, {
    code: "chat_failed",
    message: "The model broke off",
    request_id: "r1",
  });
});

Deno.test("RunWriter starts a run that fails before its start", async () => {
  const { run, lines } = await openRun();
  run.fail("model_unavailable", "No model is there");
  assert.equal(lines()[0], "RUN_STARTED");
  assert.deepEqual(lines().slice(-2), ["RUN_ERROR final", "dartc.error"]);
});

Deno.test("RunWriter ends a cancelled run with done, whichever way it ends", async () => {
  const finished = await openRun();
  finished.run.finish({ finishReason: "cancelled" });
  assert.deepEqual(finished.lines().slice(-3, -1), ["chat.done final", "RUN_FINISHED final"]);
  const failed = await openRun();
  failed.run.fail("cancelled", "The visitor cancelled");
  assert.deepEqual(failed.lines().slice(-3), ["RUN_ERROR final", "dartc.error", "chat.done final"]);
});

Deno.test("RunWriter splits a long piece so that no frame is over 64 KiB and no character is cut", async () => {
  const { run, written, originChannel } = await openRun(["chat.single"]);
  const text = '\u{1f355}\u0000é"\\'.repeat(20_000);
  run.text(text);
  run.finish();
  const deltas = written().flatMap(({ payload }) => {
    const { event } = payload as { event?: { type: string; delta?: string } };
    return event?.type === "TEXT_MESSAGE_CONTENT" && event.delta ? [event.delta] : [];
  });
  assert.equal(deltas.join(""), text);
  assert.ok(deltas.length > 4);
  assert.ok(deltas.every((delta) => delta.isWellFormed()));
  assert.ok(originChannel.sent.every((text) => new TextEncoder().encode(text).length <= 64 * 1024));
});

Deno.test("RunWriter puts characters together that the model's pieces cut in two", async () => {
  const { run, lines } = await openRun(["chat.single"]);
  run.text("a\ud83c");
  run.text("\udf55b");
  run.text("\ud83c");
  run.finish();
  assert.deepEqual(lines().slice(3, 6), [
    'TEXT_MESSAGE_CONTENT r1:assistant "a" #1',
    'TEXT_MESSAGE_CONTENT r1:assistant "\u{1f355}b" #2',
    'TEXT_MESSAGE_CONTENT r1:assistant "\\ud83c" #3',
  ]);
});

Deno.test("RunWriter cuts a tool's result to what people can see of it", async () => {
  const { run, written } = await openRun();
  run.toolResult("t1", "x".repeat(100_000));
  const { event } = written().at(-1)?.payload as { event: { content: string } }; // our own
  assert.ok(event.content.endsWith("x…") && event.content.length > 50_000);
});

Deno.test("RunWriter.emit() sends another event of the run, and refuses one that no frame holds", async () => {
  const { run, lines } = await openRun();
  run.emit({ type: "STATE_SNAPSHOT", threadId: THREAD, runId: "r1", snapshot: {} });
  assert.equal(lines().at(-1), "STATE_SNAPSHOT");
  const large = { type: "CUSTOM", threadId: THREAD, name: "x", value: "x".repeat(70_000) } as const;
  assert.throws(() => run.emit(large), { code: "too_large" });
});

Deno.test("RunWriter waits while the channel is full, and goes on when it is not", async () => {
  const { run, originChannel } = await openRun();
  assert.equal(run.writable(), undefined);
  originChannel.hold();
  for (let i = 0; i < 20; i++) run.text("x".repeat(60_000));
  const writable = run.writable();
  assert.ok(writable !== undefined);
  originChannel.release();
  await writable;
  assert.equal(run.writable(), undefined);
});

Deno.test("RunWriter waits while more than 256 chunks are open, for a peer that acknowledges", async () => {
  const { run, written, visitor, channel } = await openRun(["chat.single", "flow.ack"]);
  for (let i = 0; i < 256; i++) run.text("x");
  assert.equal(run.writable(), undefined);
  run.text("x");
  const writable = run.writable();
  assert.ok(writable !== undefined);
  const chunk64 = written().find((frame) => frame.dartc?.chunk_id === 64);
  channel.send(await visitor.text("dartc.ack", {}, { dartc: { ack_for: chunk64?.msg_id ?? "" } }));
  await writable;
  assert.equal(run.writable(), undefined);
});

Deno.test("RunWriter does not wait for acknowledgements of a peer that sends none", async () => {
  const { run } = await openRun(["chat.single"]);
  for (let i = 0; i < 2000; i++) run.text("x");
  assert.equal(run.writable(), undefined);
});

Deno.test("RunWriter lets go of who waits when the session ends, and writes nothing any more", async () => {
  const { run, origin, channel, lines } = await openRun(["flow.ack"]);
  for (let i = 0; i < 300; i++) run.text("x");
  const writable = run.writable();
  channel.close("gone");
  await writable;
  assert.equal(run.writable(), undefined);
  const count = lines().length;
  run.text("x");
  run.finish();
  run.fail("chat_failed", "x");
  assert.equal(lines().length, count);
  assert.equal(origin.state, "closed");
  const late = origin.run({ requestId: "r2", threadId: THREAD });
  late.text("x");
  late.finish();
  assert.equal(lines().length, count);
});

Deno.test("Acknowledgements that a run waits for are outside the frame budget", async () => {
  const { run, written, visitor, channel, origin } = await openRun(["chat.single", "flow.ack"]);
  for (let ack = 1; ack <= 600; ack++) {
    for (let i = 0; i < 64; i++) run.text("x");
    const chunk = written().findLast((frame) => frame.dartc?.chunk_id === ack * 64);
    channel.send(await visitor.text("dartc.ack", {}, { dartc: { ack_for: chunk?.msg_id ?? "" } }));
    if (written().length > 2000) break; // the helpers parse all of it each time
  }
  assert.equal(origin.state, "ready");
});

Deno.test("OriginSession ends when the peer takes nothing of what waits for it for 30 seconds", async () => {
  const { run, origin, originChannel, clock, events } = await openRun();
  originChannel.hold();
  run.text("x");
  origin.tick();
  clock.now += 29_999;
  origin.tick();
  assert.equal(origin.state, "ready");
  clock.now += 1;
  origin.tick();
  const last = events.at(-1);
  assert.ok(last?.type === "closed" && last.code === "peer_stalled");
});

Deno.test("OriginSession bears a peer that is slow but takes something", async () => {
  const { run, origin, originChannel, clock } = await openRun();
  for (let i = 0; i < 10; i++) {
    originChannel.hold();
    run.text("x".repeat(1000));
    origin.tick();
    clock.now += 20_000;
    originChannel.release();
  }
  assert.equal(origin.state, "ready");
});

Deno.test("OriginSession ends when a page acknowledges nothing for 30 seconds", async () => {
  const { run, origin, clock } = await openRun(["flow.ack"]);
  for (let i = 0; i < 300; i++) run.text("x");
  origin.tick();
  clock.now += 30_000;
  origin.tick();
  assert.equal(origin.state, "closed");
});

Deno.test("OriginSession ends rather than hold more than 16 MiB for a peer that reads nothing", async () => {
  const { run, origin, originChannel, events } = await openRun();
  originChannel.hold();
  for (let i = 0; i < 400 && origin.state === "ready"; i++) run.text("x".repeat(60_000));
  const last = events.at(-1);
  assert.ok(last?.type === "closed" && last.code === "channel_failed");
  assert.ok(originChannel.sent.length < 400);
});

Deno.test("RunWriter leaves out an event of the manifest that no frame holds, and ends the run", async () => {
  const open = await openOriginAfterHello({ rate: { ...DEFAULT_RATE_LIMITS, chatsAtOnce: 1 } });
  const ask = async (id: string) =>
    open.channel.send(await open.visitor.text("gemmapod.chat.request", question(id)));
  await ask("r1");
  const large = [{ name: "large", value: "x".repeat(70_000) }, { name: "small" }];
  const events = { on_run_started: large, on_run_finished: large };
  const run = open.origin.run({ requestId: "r1", threadId: THREAD, events });
  run.text("Hi");
  run.finish();
  const names = open.payloads("gemmapod.ui.event")
    .map(({ event }) => event as { type: string; name?: string })
    .flatMap(({ type, name }) => type === "CUSTOM" ? [name] : []);
  assert.deepEqual(names, ["small", "small"]);
  await ask("r2");
  const asked = open.events.flatMap((event) => event.type === "chat" ? [event.request] : []);
  assert.deepEqual(asked.map(({ requestId }) => requestId), ["r1", "r2"]);
});

Deno.test("RunWriter cuts a failure's message that no frame holds, and ends the run", async () => {
  const { run, written } = await openRun();
  run.start();
  run.fail("chat_failed", "x".repeat(70_000));
  const { event } = written().at(-2)?.payload as { event: { type: string; message: string } };
  assert.deepEqual([event.type, event.message.length], ["RUN_ERROR", 1000]);
  assert.equal(written().at(-1)?.topic, "dartc.error");
});

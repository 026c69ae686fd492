import assert from "node:assert/strict";
import { nodeEd25519 } from "../../../src/core/native.ts";
import {
  originCard,
  type OriginEvent,
  OriginSession,
  type SnapshotMessage,
} from "../../../src/dartc/mod.ts";
import {
  createDartcTransport,
  createRuntime,
  type GemmaPodRuntime,
  memoryStorage,
  type OpenChannel,
  type RuntimeAdapter,
} from "../../../src/runtime/mod.ts";
import { channelPair, type MemoryChannel } from "../dartc/channel_pair.ts";
import { RawPeer } from "../dartc/raw_peer.ts";
import { until } from "../dartc/until.ts";
import { type FakeClock, fakeClock, settled } from "./fake_clock.ts";
import { DARTC_CONFIG } from "./fake_runtime.ts";

/** A Host on the other side of a real session, which remembers what was said. */
class MemoryHost {
  readonly clock: FakeClock = fakeClock();
  readonly remembered = new Map<string, SnapshotMessage[]>();
  readonly channels: MemoryChannel[] = [];
  /** Given to `RunWriter.text`, one by one; `undefined` leaves the answer open. */
  pieces: (string | undefined)[] = ["Hi", " there"];
  asked: string[][] = [];

  readonly openChannel: OpenChannel = async ({ onAnswered }) => {
    onAnswered();
    const [visitor, origin] = channelPair({ delivery: "microtask" });
    this.channels.push(origin);
    await OriginSession.open({
      channel: origin,
      podId: "test-pod",
      ed25519: nodeEd25519(),
      now: () => this.clock.now(),
      verifyManifest: () => ({}),
      card: () => originCard({ id: "test-pod", name: "Test pod" }),
      history: (id) => {
        const messages = this.remembered.get(id);
        return messages && { messages, state: { seen: messages.length } };
      },
      onEvent: (event, session) => this.#answer(event, session),
    });
    return visitor;
  };

  #answer(event: OriginEvent, session: OriginSession): void {
    if (event.type !== "chat") return;
    const { requestId, conversationId, messages } = event.request;
    this.asked.push(messages.map(({ content }) => content));
    const run = session.run({ requestId, threadId: conversationId });
    run.start();
    let content = "";
    for (const piece of this.pieces) {
      if (piece === undefined) return;
      run.text(piece);
      content += piece;
    }
    run.finish();
    const remembered = this.remembered.get(conversationId) ?? [];
    const question = messages.at(-1)?.content ?? "";
    remembered.push({ role: "user", content: question }, { role: "assistant", content });
    this.remembered.set(conversationId, remembered);
  }
}

function visitor(
  openChannel: OpenChannel,
  clock: FakeClock,
  storage = memoryStorage(),
): GemmaPodRuntime {
  const adapter: RuntimeAdapter = {
    environment: "browser",
    storage,
    crypto: { ed25519: nodeEd25519 },
    capabilities: [],
    clock,
    transport: { create: (_name, context) => createDartcTransport({ context, openChannel }) },
  };
  return createRuntime(DARTC_CONFIG, adapter, { random: () => 1 });
}

function said(runtime: GemmaPodRuntime): string[] {
  return runtime.chat.history().map(({ content, status }) =>
    status === "done" ? content : `${content} (${status})`
  );
}

Deno.test("a question and its answer, over a real session", async () => {
  const host = new MemoryHost();
  const runtime = visitor(host.openChannel, host.clock);
  const deltas: string[] = [];
  runtime.events.on("ui.event", ({ event }) => {
    if (event.type === "TEXT_MESSAGE_CONTENT") deltas.push(event.delta);
  });
  assert.equal(await runtime.chat.send("Hello?"), "Hi there");
  assert.deepEqual(deltas, ["Hi", " there"]);
  assert.equal(runtime.a2a.card?.name, "Test pod");
  assert.equal(await runtime.chat.send("And?"), "Hi there");
  assert.deepEqual(host.asked, [["Hello?"], ["Hello?", "Hi there", "And?"]]);
  await runtime.destroy();
});

Deno.test("a reload shows the same thread and the same state", async () => {
  const host = new MemoryHost();
  const storage = memoryStorage();
  const before = visitor(host.openChannel, host.clock, storage);
  await before.chat.send("Hello?");
  const { conversationId } = before;
  const shown = before.chat.history();
  await before.destroy();

  const after = visitor(host.openChannel, host.clock, storage);
  assert.equal(after.conversationId, conversationId);
  assert.deepEqual(after.chat.history(), shown, "before anything is connected");
  await after.connect();
  await until("the state is there", () => after.state.get("/seen") === 2);
  assert.deepEqual(after.chat.history(), shown, "the snapshot changed nothing");
  await after.destroy();

  storage.removeItem("gemmapod:test-pod:conversation:v1");
  const config = { ...DARTC_CONFIG, conversationId };
  const elsewhere = createRuntime(config, {
    environment: "browser",
    storage,
    crypto: { ed25519: nodeEd25519 },
    capabilities: [],
    clock: host.clock,
    transport: {
      create: (_name, context) => createDartcTransport({ context, openChannel: host.openChannel }),
    },
  });
  await elsewhere.connect();
  await until("the Host's thread is there", () => elsewhere.chat.history().length === 2);
  assert.deepEqual(said(elsewhere), ["Hello?", "Hi there"]);
  await elsewhere.destroy();
});

Deno.test("a channel that drops in an answer cuts it; the conversation goes on by itself", async () => {
  const host = new MemoryHost();
  const runtime = visitor(host.openChannel, host.clock);
  await runtime.chat.send("Hello?");
  host.pieces = ["On", "ce upon", undefined];
  const answer = assert.rejects(runtime.chat.send("A story?"), { code: "disconnected" });
  await until("it began", () => runtime.chat.active()[0]?.text === "Once upon");
  host.channels[0]?.close("killed");
  await answer;
  assert.deepEqual(said(runtime), ["Hello?", "Hi there", "A story?", "Once upon (cut)"]);
  assert.equal(runtime.transport.status, "connecting");

  await host.clock.advance(500);
  await until("it is back", () => runtime.transport.status === "ready");
  await until("the snapshot came", () => runtime.state.get("/seen") === 2);
  assert.deepEqual(said(runtime), ["Hello?", "Hi there", "A story?", "Once upon (cut)"]);

  host.pieces = ["Once upon a time"];
  runtime.chat.setHistory(runtime.chat.history().slice(0, 2));
  assert.equal(await runtime.chat.send("A story?"), "Once upon a time");
  assert.deepEqual(host.asked.at(-1), ["Hello?", "Hi there", "A story?"]);
  await runtime.destroy();
});

Deno.test("an earlier conversation that is opened comes from storage, and then from its Host", async () => {
  const host = new MemoryHost();
  const runtime = visitor(host.openChannel, host.clock);
  await runtime.chat.send("Hello?");
  const first = runtime.conversationId;
  await runtime.chat.clear();
  await runtime.chat.send("Another?");
  host.remembered.get(first)?.push({ role: "user", content: "From my phone" });
  const opened = runtime.chat.open(first);
  assert.deepEqual(said(runtime), ["Hello?", "Hi there"], "before its Host has said anything");
  await opened;
  await until("the Host's thread is there", () => runtime.chat.history().length === 3);
  await until("its state is there", () => runtime.state.get("/seen") === 3);
  assert.equal(await runtime.chat.send("Go on"), "Hi there");
  assert.deepEqual(host.asked.at(-1), ["Hello?", "Hi there", "From my phone", "Go on"]);
  await runtime.destroy();
});

Deno.test("an answer of 2 MB arrives whole", async () => {
  const host = new MemoryHost();
  const runtime = visitor(host.openChannel, host.clock);
  host.pieces = Array.from({ length: 64 }, (_, index) => String(index % 10).repeat(32 * 1024));
  const answer = await runtime.chat.send("Everything?");
  assert.equal(answer.length, 2 * 1024 * 1024);
  assert.equal(answer, host.pieces.join(""));
  await runtime.destroy();
});

Deno.test("a Host of another implementation: every delta twice, no features; text comes once", async () => {
  const clock = fakeClock();
  const [near, far] = channelPair();
  const peer = await RawPeer.make("origin", { now: clock.now() });
  const runtime = visitor(({ onAnswered }) => {
    onAnswered();
    return Promise.resolve(near);
  }, clock);
  const answer = runtime.chat.send("Hello?");
  const send = async (topic: string, payload: object, more: object = {}) => {
    far.send(await peer.text(topic, payload, { timestamp: clock.now(), ...more }));
  };
  far.send(await peer.hello({ pod_id: "test-pod" }));
  const card = { kind: "AgentCard", card: originCard({ id: "test-pod", name: "Old" }) };
  await send("a2a.discovery", card, { a2a: card });
  let requestId = "";
  far.onMessage((text) => {
    const frame = JSON.parse(text);
    if (frame.topic === "gemmapod.chat.request") requestId = frame.payload.request_id;
  });
  await until("it asked", () => requestId !== "");
  const base = { threadId: runtime.conversationId, runId: requestId };
  const messageId = `${requestId}:assistant`;
  const ui = (event: object) =>
    send("gemmapod.ui.event", { schema: "dartc.ui.event/0.1", event: { ...base, ...event } });
  await ui({ type: "RUN_STARTED" });
  await ui({ type: "TEXT_MESSAGE_START", messageId, role: "assistant" });
  for (const delta of ["Hi", " there"]) {
    await ui({ type: "TEXT_MESSAGE_CONTENT", messageId, delta });
    await send("gemmapod.chat.delta", { request_id: requestId, delta });
  }
  await ui({ type: "TEXT_MESSAGE_END", messageId });
  await send("gemmapod.chat.done", { request_id: requestId });
  await ui({ type: "RUN_FINISHED" });
  assert.equal(await answer, "Hi there");
  assert.deepEqual(said(runtime), ["Hello?", "Hi there"]);
  await settled();
  await runtime.destroy();
});

import assert from "node:assert/strict";
import type { CodedError } from "../../../src/base/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import {
  type Channel,
  originCard,
  OriginSession,
  type OriginSessionOptions,
  type RunWriter,
} from "../../../src/dartc/mod.ts";
import {
  createDartcTransport,
  type OpenChannel,
  type OpenChannelRequest,
  type TransportEvent,
} from "../../../src/runtime/mod.ts";
import { channelPair, type MemoryChannel } from "../dartc/channel_pair.ts";
import { RawPeer } from "../dartc/raw_peer.ts";
import { until } from "../dartc/until.ts";
import { fakeClock, settled } from "./fake_clock.ts";
import { DARTC_CONFIG } from "./fake_runtime.ts";

const CARD = originCard({ id: "test-pod", name: "Test pod" });
const CONVERSATION_ID = "conversation-0123456789";

/** A Host at the other end of each channel that the transport opens. */
function host(options: Partial<OriginSessionOptions> = {}) {
  const ends: { channel: MemoryChannel; requests: OpenChannelRequest }[] = [];
  const origins: OriginSession[] = [];
  const openChannel: OpenChannel = async (request) => {
    request.onStage("dartc-offer");
    request.onStage("ice-gathering");
    request.onStage("signaling");
    request.onAnswered();
    const [visitor, origin] = channelPair({ delivery: "microtask" });
    ends.push({ channel: origin, requests: request });
    origins.push(
      await OriginSession.open({
        channel: origin,
        podId: "test-pod",
        ed25519: nodeEd25519(),
        now: () => clock.now(),
        verifyManifest: () => ({}),
        card: () => CARD,
        onEvent: () => {},
        ...options,
      }),
    );
    return visitor;
  };
  const clock = fakeClock();
  return { clock, ends, openChannel, origins };
}

function transport(openChannel: OpenChannel, clock = fakeClock(), config = DARTC_CONFIG) {
  const events: TransportEvent[] = [];
  const made = createDartcTransport({
    openChannel,
    context: {
      config,
      podId: "test-pod",
      conversationId: () => CONVERSATION_ID,
      crypto: { ed25519: nodeEd25519 },
      clock,
      emit: (event) => events.push(event),
    },
  });
  const stages = () => events.flatMap((event) => event.type === "stage" ? [event.stage] : []);
  return { transport: made, events, stages };
}

const QUESTION = { role: "user" as const, content: "Hello?" };

/** A Host that answers each question in these pieces. */
function answering(pieces: readonly string[]): Partial<OriginSessionOptions> {
  return {
    onEvent(event, session) {
      if (event.type !== "chat") return;
      const { requestId, conversationId } = event.request;
      const run: RunWriter = session.run({ requestId, threadId: conversationId });
      run.start();
      pieces.forEach((piece) => run.text(piece));
      run.finish();
    },
  };
}

Deno.test("every step of the ladder is told, in order", async () => {
  const { openChannel, clock, ends } = host();
  const { transport: dartc, stages, events } = transport(openChannel, clock);
  await dartc.connect();
  assert.equal(dartc.state, "ready");
  assert.deepEqual(stages(), [
    "dartc-offer",
    "ice-gathering",
    "signaling",
    "data-channel-open",
    "dartc-hello-sent",
    "signed-frame-verified",
    "dartc-origin-hello",
    "a2a-card-sent",
    "a2a-card-received",
    "ready",
  ]);
  assert.deepEqual(events.find(({ type }) => type === "card"), { type: "card", card: CARD });
  assert.deepEqual(ends[0]?.requests.iceServers, [], "a broker on this machine needs no STUN");
  assert.equal(clock.waiting, 0, "no time limit is left");
  await dartc.close();
  assert.equal(ends[0]?.channel.closeReason !== undefined, true);
});

Deno.test("an answer comes as UI events and as pieces, once", async () => {
  const { openChannel, clock } = host(answering(["Hi", " there"]));
  const { transport: dartc, events } = transport(openChannel, clock);
  await dartc.connect();
  dartc.chat({ runId: "run-1", conversationId: CONVERSATION_ID, messages: [QUESTION] });
  await until("the answer is whole", () => events.some(({ type }) => type === "done"));
  const text = events.flatMap((event) => event.type === "delta" ? [event.delta] : []);
  assert.equal(text.join(""), "Hi there");
  const types = events.flatMap((event) => event.type === "ui" ? [event.event.type] : []);
  assert.deepEqual(types.slice(0, 4), [
    "RUN_STARTED",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "TEXT_MESSAGE_CONTENT",
  ]);
  await dartc.close();
});

Deno.test("a question that cannot be sent fails its run", async () => {
  const { openChannel, clock } = host();
  const { transport: dartc, events } = transport(openChannel, clock);
  const request = { runId: "run-1", conversationId: CONVERSATION_ID, messages: [QUESTION] };
  dartc.chat(request);
  await dartc.connect();
  dartc.chat({ ...request, messages: [{ ...QUESTION, content: "x".repeat(70_000) }] });
  const codes = events.flatMap((event) => event.type === "failed" ? [event.error.code] : []);
  assert.deepEqual(codes, ["disconnected", "too_large"]);
  await dartc.close();
});

Deno.test("a failure carries the wire's code; a cancel reaches the Host", async () => {
  const heard: string[] = [];
  const { openChannel, clock } = host({
    onEvent(event, session) {
      if (event.type === "cancel") heard.push(event.requestId);
      if (event.type !== "chat") return;
      const { requestId, conversationId } = event.request;
      const run = session.run({ requestId, threadId: conversationId });
      run.start();
      if (requestId === "bad") run.fail("model_unavailable", "no model");
    },
  });
  const { transport: dartc, events } = transport(openChannel, clock);
  await dartc.connect();
  const request = { conversationId: CONVERSATION_ID, messages: [QUESTION] };
  dartc.chat({ ...request, runId: "bad" });
  await until("it failed", () => events.some(({ type }) => type === "failed"));
  const failed = events.find((event) => event.type === "failed");
  assert.equal(failed?.error.code, "model_unavailable");
  dartc.chat({ ...request, runId: "long" });
  await until(
    "it began",
    () => events.some((event) => event.type === "ui" && event.event.runId === "long"),
  );
  dartc.cancel("long");
  await until("the Host heard it", () => heard.includes("long"));
  await dartc.close();
});

Deno.test("application frames go both ways", async () => {
  const heard: unknown[] = [];
  const { openChannel, clock, origins } = host({
    topics: ["shop.*"],
    onEvent: (event) => {
      if (event.type === "frame") heard.push([event.frame.topic, event.frame.payload]);
    },
  });
  const { transport: dartc } = transport(openChannel, clock);
  await assert.rejects(dartc.send({ topic: "shop.order", payload: 1 }), { code: "disconnected" });
  await dartc.connect();
  const got: unknown[] = [];
  const stop = dartc.subscribe(({ topic, payload }) => got.push([topic, payload]));
  await dartc.send({ topic: "shop.order", payload: { soup: 1 } });
  await until("the Host heard it", () => heard.length === 1);
  assert.deepEqual(heard, [["shop.order", { soup: 1 }]]);
  origins[0]?.publish("shop.ready", { at: "noon" });
  await until("the visitor heard it", () => got.length === 1);
  stop();
  await assert.rejects(dartc.send({ topic: "dartc.hello", payload: {} }), { code: "bad_topic" });
  await dartc.close();
});

Deno.test("a channel that breaks is told once, and the transport connects anew", async () => {
  const { openChannel, clock, ends } = host();
  const { transport: dartc, events } = transport(openChannel, clock);
  await dartc.connect();
  ends[0]?.channel.close("gone");
  await until("it is told", () => events.some(({ type }) => type === "closed"));
  assert.equal(dartc.state, "closed");
  await dartc.connect();
  assert.equal(ends.length, 2);
  assert.notEqual(ends[0]?.requests.sessionId, ends[1]?.requests.sessionId);
  await dartc.close();
  assert.equal(events.filter(({ type }) => type === "closed").length, 1);
});

Deno.test("a Host that refuses the manifest is told by its code", async () => {
  const { openChannel, clock } = host({
    verifyManifest: () => {
      throw new Error("signature");
    },
  });
  const { transport: dartc } = transport(openChannel, clock);
  const config = { ...DARTC_CONFIG, signedManifestB64: btoa("not signed") };
  const made = createDartcTransport({
    openChannel,
    context: {
      config,
      podId: "test-pod",
      conversationId: () => CONVERSATION_ID,
      crypto: { ed25519: nodeEd25519 },
      clock,
      emit: () => {},
    },
  });
  await assert.rejects(made.connect(), { code: "manifest_rejected" });
  assert.equal(made.state, "error");
  await dartc.close();
});

/** A Host that says nothing, or only some of it. */
function silent(steps: { answers: boolean; opens: boolean }): {
  openChannel: OpenChannel;
  channel: Channel & { closeReason: string | undefined };
} {
  const [channel] = channelPair();
  const openChannel: OpenChannel = ({ onAnswered, signal }) => {
    if (steps.answers) onAnswered();
    if (steps.opens) return Promise.resolve(channel);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  return { openChannel, channel };
}

for (
  const { code, ms, answers, opens } of [
    { code: "signaling_timeout", ms: 20_000, answers: false, opens: false },
    { code: "channel_timeout", ms: 15_000, answers: true, opens: false },
    { code: "hello_timeout", ms: 10_000, answers: true, opens: true },
  ]
) {
  Deno.test(`${code} comes after ${ms} ms, not before, and closes what was opened`, async () => {
    const clock = fakeClock();
    const { openChannel, channel } = silent({ answers, opens });
    const { transport: dartc } = transport(openChannel, clock);
    const failed: CodedError[] = [];
    const connecting = dartc.connect().catch((error) => failed.push(error));
    if (opens) await until("the hello is sent", () => clock.waiting === 1);
    await clock.advance(ms - 1);
    assert.equal(failed.length, 0);
    await clock.advance(1);
    await connecting;
    assert.deepEqual(failed.map((error) => error.code), [code]);
    assert.equal(dartc.state, "error");
    if (opens) assert.notEqual(channel.closeReason, undefined);
    assert.equal(clock.waiting, 0);
  });
}

Deno.test("card_timeout comes 10 s after a hello that no card follows", async () => {
  const clock = fakeClock();
  const [visitor, origin] = channelPair();
  const peer = await RawPeer.make("origin", { now: clock.now() });
  const { transport: dartc, stages } = transport(() => Promise.resolve(visitor), clock);
  const failed: CodedError[] = [];
  const connecting = dartc.connect().catch((error) => failed.push(error));
  await clock.advance(9_000);
  origin.send(await peer.hello({ pod_id: "test-pod" }, { timestamp: clock.now() }));
  await until("the hello is read", () => stages().includes("dartc-origin-hello"));
  await clock.advance(9_999);
  assert.equal(failed.length, 0);
  await clock.advance(1);
  await connecting;
  assert.deepEqual(failed.map((error) => error.code), ["card_timeout"]);
  assert.notEqual(visitor.closeReason, undefined);
});

Deno.test("a pod that requires a proof of its owner is refused while none can be checked", async () => {
  const { openChannel, clock } = host();
  const { dartc } = DARTC_CONFIG.transport;
  assert(dartc !== undefined);
  const made = createDartcTransport({
    openChannel,
    context: {
      config: { ...DARTC_CONFIG, transport: { dartc: { ...dartc, requireProof: true } } },
      podId: "test-pod",
      conversationId: () => CONVERSATION_ID,
      crypto: { ed25519: nodeEd25519 },
      clock,
      emit: () => {},
    },
  });
  await assert.rejects(made.connect(), { code: "proof_unsupported" });
});

Deno.test("a channel that opens too late is closed", async () => {
  const clock = fakeClock();
  const [channel] = channelPair();
  const opened = Promise.withResolvers<Channel>();
  const { transport: dartc } = transport(() => opened.promise, clock);
  const connecting = assert.rejects(dartc.connect(), { code: "signaling_timeout" });
  await clock.advance(20_000);
  await connecting;
  opened.resolve(channel);
  await until("it is closed", () => channel.closeReason !== undefined);
});

Deno.test("an aborted signal ends the attempt with its reason", async () => {
  const { openChannel } = silent({ answers: false, opens: false });
  const { transport: dartc } = transport(openChannel);
  const controller = new AbortController();
  const connecting = assert.rejects(dartc.connect(controller.signal), { message: "enough" });
  controller.abort(new Error("enough"));
  await connecting;
});

Deno.test("abandon() closes the channel at once, without a last frame", async () => {
  const { openChannel, clock, ends } = host();
  const { transport: dartc, events } = transport(openChannel, clock);
  await dartc.connect();
  dartc.abandon?.();
  await until("the Host sees it", () => ends[0]?.channel.closeReason !== undefined);
  assert.equal(dartc.state, "closed");
  assert.equal(events.some(({ type }) => type === "closed"), false);
});

Deno.test("how an answer ended is told: one that the Host stopped is not whole", async () => {
  const { openChannel, clock } = host({
    onEvent(event, session) {
      if (event.type !== "chat") return;
      const { requestId, conversationId } = event.request;
      const run = session.run({ requestId, threadId: conversationId });
      run.text("half an ans");
      run.finish({ finishReason: "cancelled" });
    },
  });
  const { transport: dartc, events } = transport(openChannel, clock);
  await dartc.connect();
  dartc.chat({ runId: "run-1", conversationId: CONVERSATION_ID, messages: [QUESTION] });
  await until("the answer ended", () => events.some(({ type }) => type === "done"));
  const done = events.find(({ type }) => type === "done");
  assert.deepEqual(done, { type: "done", runId: "run-1", finishReason: "cancelled" });
  await dartc.close();
});

Deno.test("a subscriber that throws is reported; the session and the other subscribers go on", async () => {
  const { openChannel, clock, origins } = host();
  const { transport: dartc, events } = transport(openChannel, clock);
  await dartc.connect();
  const heard: unknown[] = [];
  dartc.subscribe(() => {
    throw new Error("a mistake of the page");
  });
  dartc.subscribe(({ payload }) => heard.push(payload));
  origins[0]?.publish("shop.ready", 1);
  origins[0]?.publish("shop.ready", 2);
  await until("both were heard", () => heard.length === 2);
  assert.equal(dartc.state, "ready");
  const codes = events.flatMap((event) => event.type === "warning" ? [event.error.code] : []);
  assert.deepEqual(codes, ["handler_failed", "handler_failed"]);
  await dartc.close();
});

Deno.test("a Host that ends the session right behind its card is not taken for one that is ready", async () => {
  const clock = fakeClock();
  const [near, far] = channelPair();
  const peer = await RawPeer.make("origin", { now: clock.now() });
  const at = { timestamp: clock.now() };
  const frames = [
    await peer.hello({ pod_id: "test-pod" }, at),
    await peer.text("a2a.discovery", { kind: "AgentCard", card: CARD }, at),
    await peer.text("dartc.error", { code: "shutting_down", message: "bye", fatal: true }, at),
  ];
  const { transport: dartc, events } = transport(({ onAnswered }) => {
    onAnswered();
    return Promise.resolve(near);
  }, clock);
  const refused = assert.rejects(dartc.connect(), { code: "shutting_down", message: "bye" });
  await until("the visitor waits for the Host", () => near.sent.length === 1);
  await settled();
  frames.forEach((text) => far.send(text));
  await refused;
  assert.equal(dartc.state, "error");
  assert.equal(events.some((event) => event.type === "stage" && event.stage === "ready"), false);
});

Deno.test("a pod without a manifest names its model to the Host, one with a manifest need not", async () => {
  for (
    const [config, asked, named] of [
      [{ model: "gemma4:e4b" }, undefined, "gemma4:e4b"],
      [{ model: "gemma4:e4b" }, "other", "other"],
      [{ model: "gemma4:e4b", signedManifestB64: "AA==" }, undefined, undefined],
      [{ model: "gemma4:e4b", signedManifestB64: "AA==" }, "other", "other"],
    ] as const
  ) {
    const models: (string | undefined)[] = [];
    const { openChannel, clock } = host({
      verifyManifest: () => ({ id: "test-pod" }),
      onEvent(event) {
        if (event.type === "chat") models.push(event.request.model);
      },
    });
    const { transport: dartc } = transport(openChannel, clock, { ...DARTC_CONFIG, ...config });
    await dartc.connect();
    dartc.chat({
      runId: "run-1",
      conversationId: CONVERSATION_ID,
      messages: [QUESTION],
      ...asked !== undefined && { model: asked },
    });
    await until("the Host was asked", () => models.length === 1);
    assert.deepEqual(models, [named]);
    await dartc.close();
  }
});

import assert from "node:assert/strict";
import { nobleEd25519, webCryptoEd25519 } from "../../../src/core/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import { type OriginEvent, type OriginSession, type VisitorEvent } from "../../../src/dartc/mod.ts";
import { CONVERSATION_ID, sessionPair, type SessionPairOptions } from "./session_pair.ts";
import { until } from "./until.ts";

const QUESTION = [{ role: "user", content: "Hello?" }] as const;

/** Answers each question with these pieces. */
function answering(...pieces: string[]) {
  return (event: OriginEvent, session: OriginSession): void => {
    if (event.type !== "chat") return;
    const { requestId, conversationId } = event.request;
    const run = session.run({ requestId, threadId: conversationId });
    run.start();
    run.reasoning("hm");
    for (const piece of pieces) run.text(piece);
    run.finish({ finishReason: "stop" });
  };
}

function textOf(events: readonly VisitorEvent[], kind: "text" | "reasoning"): string {
  return events.flatMap((event) => event.type === "delta" && event.kind === kind ? event.delta : [])
    .join("");
}

const isDone = (events: readonly VisitorEvent[]) => events.some((event) => event.type === "done");

const webcrypto = await webCryptoEd25519();
const adapters = [nodeEd25519(), nobleEd25519(), ...(webcrypto === undefined ? [] : [webcrypto])];

for (const ed25519 of adapters) {
  for (const delivery of ["sync", "microtask"] as const) {
    Deno.test(`A whole run with ${ed25519.name} keys over a ${delivery} channel`, async () => {
      const { visitor, visitorEvents } = await sessionPair({
        ed25519,
        delivery,
        onOrigin: answering("Hel", "lo", "!"),
      });
      const id = visitor.chat({ messages: QUESTION });
      await until("the answer is done", () => isDone(visitorEvents));
      await until("the run is finished", () => {
        const last = visitorEvents.at(-1);
        return last?.type === "ui" && last.event.type === "RUN_FINISHED";
      });
      assert.equal(textOf(visitorEvents, "text"), "Hello!");
      assert.equal(textOf(visitorEvents, "reasoning"), "hm");
      const types = visitorEvents.flatMap((event) => event.type === "ui" ? [event.event.type] : []);
      assert.deepEqual(types, [
        "RUN_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "RUN_FINISHED",
      ]);
      const done = visitorEvents.find((event) => event.type === "done");
      assert.deepEqual([done?.requestId, done?.finishReason], [id, "stop"]);
    });
  }
}

Deno.test("Two sessions with node keys are ready, and answer, within one turn", async () => {
  const { visitor, visitorEvents } = await sessionPair({ onOrigin: answering("Hi") });
  visitor.chat({ messages: QUESTION });
  assert.equal(isDone(visitorEvents), true);
});

const oldPeers: [string, SessionPairOptions][] = [
  ["an old visitor", { visitor: { features: [] } }],
  ["an old Host", { origin: { features: [] } }],
  ["an old visitor and an old Host", { visitor: { features: [] }, origin: { features: [] } }],
];

for (const [who, options] of oldPeers) {
  Deno.test(`A whole run with ${who}: each piece in two frames, told once`, async () => {
    const { visitor, visitorEvents, originChannel } = await sessionPair({
      ...options,
      onOrigin: answering("Hel", "lo"),
    });
    visitor.chat({ messages: QUESTION });
    assert.equal(textOf(visitorEvents, "text"), "Hello");
    assert.equal(textOf(visitorEvents, "reasoning"), "hm");
    const frames = originChannel.sent.map((text) => JSON.parse(text));
    const deltas = frames.filter((frame) => frame.topic === "gemmapod.chat.delta");
    assert.deepEqual(deltas.map((frame) => frame.payload.delta), ["Hel", "lo"]);
    assert.ok(!("features" in frames[0].payload) || options.origin === undefined);
    visitor.tick();
    visitor.close();
    const topics = [...frames, ...originChannel.sent.map((text) => JSON.parse(text))];
    assert.ok(!topics.some((frame) => /ping|close/.test(frame.topic)));
  });
}

Deno.test("200 runs at once and in order, none mixed with another", async () => {
  const { visitor, visitorEvents } = await sessionPair({
    origin: {
      rate: { framesPerSecond: 100, windowSeconds: 10, chatsAtOnce: 64, userTextBytes: 1e5 },
    },
    ed25519: webcrypto,
    delivery: "microtask",
    onOrigin: (event, session) => {
      if (event.type !== "chat") return;
      const { requestId, conversationId, messages } = event.request;
      const run = session.run({ requestId, threadId: conversationId });
      for (const letter of messages.at(-1)?.content ?? "") run.text(letter);
      run.finish();
    },
  });
  const asked = new Map<string, string>();
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 50; i++) {
      const content = `question ${round} ${i}`;
      asked.set(visitor.chat({ messages: [{ role: "user", content }] }), content);
    }
    await until("this round is answered", () => {
      return visitorEvents.filter((event) => event.type === "done").length === asked.size;
    });
  }
  const told = new Map<string, string>();
  for (const event of visitorEvents) {
    if (event.type !== "delta") continue;
    told.set(event.requestId, (told.get(event.requestId) ?? "") + event.delta);
  }
  assert.deepEqual(told, asked);
});

Deno.test("A long answer flows through acknowledgements, with a bounded number of chunks open", async () => {
  let most = 0;
  let told = 0;
  const { visitor, visitorEvents } = await sessionPair({
    delivery: "microtask",
    ed25519: webcrypto,
    onOrigin: async (event, session) => {
      if (event.type !== "chat") return;
      const { requestId, conversationId } = event.request;
      const run = session.run({ requestId, threadId: conversationId });
      for (let i = 1; i <= 2000; i++) {
        run.text("x");
        most = Math.max(most, i - told);
        await run.writable();
      }
      run.finish();
    },
    visitor: {},
  });
  const counting = visitorEvents.push.bind(visitorEvents);
  visitorEvents.push = (event) => {
    if (event.type === "delta") told++;
    return counting(event);
  };
  visitor.chat({ messages: QUESTION });
  await until("the answer is done", () => isDone(visitorEvents));
  assert.equal(textOf(visitorEvents, "text").length, 2000);
  assert.ok(most <= 257, `${most} chunks were open`);
});

Deno.test("A visitor that comes back gets its thread and its state, in this order", async () => {
  const messages = [
    { id: "1", role: "user", content: "Hi" },
    { id: "2", role: "assistant", content: "Hello!", status: "done" },
  ];
  const { visitorEvents } = await sessionPair({
    origin: { history: () => Promise.resolve({ messages, state: { cart: ["tea"] } }) },
  });
  const told = () => visitorEvents.flatMap((event) => event.type === "ui" ? [event.event] : []);
  await until("the state is there", () => told().length === 2);
  assert.deepEqual(told(), [
    { type: "MESSAGES_SNAPSHOT", threadId: CONVERSATION_ID, messages },
    { type: "STATE_SNAPSHOT", threadId: CONVERSATION_ID, snapshot: { cart: ["tea"] } },
  ]);
});

Deno.test("A cancel reaches the Host while it answers, and the run ends with done", async () => {
  const { visitor, visitorEvents, originEvents } = await sessionPair({
    onOrigin: (event, session) => {
      if (event.type === "chat") {
        const { requestId, conversationId } = event.request;
        session.run({ requestId, threadId: conversationId }).text("Hel");
      } else if (event.type === "cancel") {
        session.run({ requestId: event.requestId, threadId: "t" })
          .finish({ finishReason: "cancelled" });
      }
    },
  });
  const id = visitor.chat({ messages: QUESTION });
  assert.equal(visitor.cancel(id), true);
  assert.ok(originEvents.some((event) => event.type === "cancel" && event.requestId === id));
  const done = visitorEvents.find((event) => event.type === "done");
  assert.equal(done?.finishReason, "cancelled");
});

Deno.test("UI events and application topics go both ways", async () => {
  const { visitor, origin, visitorEvents, originEvents } = await sessionPair({
    origin: { topics: ["orders.*"] },
  });
  const event = { type: "CUSTOM", threadId: "t", name: "x", value: { a: 1 } } as const;
  visitor.sendUiEvent(event);
  assert.deepEqual(originEvents.at(-1), { type: "ui", event });
  origin.sendUiEvent(event, { priority: "high" });
  assert.deepEqual(visitorEvents.at(-1), { type: "ui", event, chunkId: undefined });
  visitor.publish("orders.created", { n: 1 });
  assert.equal(originEvents.at(-1)?.type, "frame");
  origin.publish("orders.taken", { n: 1 });
  assert.equal(visitorEvents.at(-1)?.type, "frame");
});

Deno.test("Either side's goodbye ends both, once", async () => {
  for (const who of ["visitor", "origin"] as const) {
    const pair = await sessionPair();
    pair[who].close("enough");
    for (const events of [pair.visitorEvents, pair.originEvents]) {
      const ends = events.filter((event) => event.type === "closed");
      assert.deepEqual(ends, [{ type: "closed", code: undefined, reason: "enough" }]);
    }
  }
});

Deno.test("What was sent before a close arrives before it, with keys that sign later", async () => {
  const { origin, visitorEvents } = await sessionPair({
    ed25519: webcrypto,
    delivery: "microtask",
  });
  const run = origin.run({ requestId: "r", threadId: "t" });
  for (let i = 0; i < 100; i++) run.text("x");
  run.finish();
  origin.close("done");
  await until("the visitor heard it", () => visitorEvents.at(-1)?.type === "closed");
  const types = visitorEvents.flatMap((event) => event.type === "ui" ? [event.event.type] : []);
  assert.equal(types.filter((type) => type === "TEXT_MESSAGE_CONTENT").length, 100);
  assert.equal(types.at(-1), "RUN_FINISHED");
});

Deno.test("A visitor that vanished is noticed and given up", async () => {
  const { origin, visitorChannel, clock, originEvents } = await sessionPair();
  visitorChannel.vanish();
  for (let i = 0; i < 4; i++) {
    clock.now += 20_000;
    origin.tick();
  }
  const last = originEvents.at(-1);
  assert.ok(last?.type === "closed" && last.code === "peer_silent");
});

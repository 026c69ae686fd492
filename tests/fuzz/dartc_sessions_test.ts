import assert from "node:assert/strict";
import { fc } from "../libraries/fast_check.ts";
import { toHex } from "../../src/base/mod.ts";
import { type Ed25519, webCryptoEd25519 } from "../../src/core/mod.ts";
import { nodeEd25519 } from "../../src/core/native.ts";
import {
  originCard,
  OriginSession,
  type RunWriter,
  signFrame,
  uuidv7,
  VisitorSession,
} from "../../src/dartc/mod.ts";
import { channelPair, type MemoryChannel } from "../unit/dartc/channel_pair.ts";
import { until } from "../unit/dartc/until.ts";

const numRuns = Number(Deno.env.get("GEMMAPOD_FUZZ_RUNS") ?? "60");

const POD_ID = "hello-pod";
const START = 1_770_000_000_000;

const topic = fc.oneof(
  fc.constantFrom(
    "dartc.hello",
    "dartc.ack",
    "dartc.error",
    "dartc.ping",
    "dartc.close",
    "a2a.discovery",
    "gemmapod.chat.request",
    "gemmapod.chat.delta",
    "gemmapod.chat.done",
    "gemmapod.chat.cancel",
    "gemmapod.ui.event",
    "orders.created",
  ),
  fc.string(),
);

const uiEvent = fc.record({
  type: fc.constantFrom(
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "MESSAGES_SNAPSHOT",
    "STATE_DELTA",
    "CUSTOM",
    "NEW",
  ),
  runId: fc.constantFrom("r", "s"),
  messageId: fc.constantFrom("m", "n"),
  delta: fc.oneof(fc.string(), fc.jsonValue()),
  role: fc.constantFrom("assistant", "reasoning", "user"),
  name: fc.jsonValue(),
  messages: fc.jsonValue(),
}, { requiredKeys: ["type"] });

const payload = fc.oneof(
  fc.jsonValue(),
  fc.record({
    request_id: fc.constantFrom<unknown>("r", "s", "", 1),
    conversation_id: fc.constantFrom<unknown>("c", "local:x", "conv_0123456789abcdefghij", 1),
    messages: fc.oneof(
      fc.array(fc.record({ role: fc.constantFrom("user", "system"), content: fc.string() })),
      fc.jsonValue(),
    ),
    delta: fc.string(),
    signedManifestB64: fc.constantFrom("AAAA", "%", "BBBB"),
    schema: fc.constant("dartc.ui.event/0.1"),
    event: fc.oneof(uiEvent, fc.jsonValue()),
    kind: fc.constantFrom("AgentCard", "reasoning"),
    card: fc.jsonValue(),
    fatal: fc.constant(false),
    role: fc.constantFrom("visitor", "origin", "wizard"),
    agent_id: fc.string(),
  }, { requiredKeys: [] }),
);

const meta = fc.option(
  fc.record({
    stream: fc.boolean(),
    chunk_id: fc.integer({ min: 0, max: 256 }),
    requires_ack: fc.boolean(),
    ack_for: fc.string(),
  }, { requiredKeys: [] }),
  { nil: undefined },
);

/** What happens to a session, a step at a time. */
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hello" as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("signed" as const), topic, payload, dartc: meta }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("odd" as const),
      topic,
      payload,
      to: fc.option(fc.string(), { nil: undefined }),
      skew: fc.constantFrom(0, 61_000, -3_600_000, 2e8, 1e300),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("mutated" as const),
      at: fc.nat(2000),
      instead: fc.string({ maxLength: 3 }),
      cut: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("replayed" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("garbage" as const), text: fc.string() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("json" as const), value: fc.jsonValue() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.nat(40_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("act" as const), what: fc.nat(5) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Played {
  readonly session: VisitorSession | OriginSession;
  readonly own: MemoryChannel;
  readonly events: { type: string }[];
  act(what: number): void;
}

type Play = (ed25519: Ed25519, now: () => number) => Promise<Played & { far: MemoryChannel }>;

const playVisitor: Play = async (ed25519, now) => {
  const [own, far] = channelPair();
  const events: { type: string }[] = [];
  const session = await VisitorSession.open({
    channel: own,
    podId: POD_ID,
    ed25519,
    now,
    onEvent: (event) => events.push(event),
  });
  const act = (what: number) => {
    if (session.state !== "ready") return;
    if (what === 0) tolerate(() => session.chat({ requestId: "r", messages: QUESTION }));
    else if (what === 1) session.cancel("r");
    else if (what === 2) tolerate(() => session.chat({ requestId: "s", messages: QUESTION }));
    else session.publish("orders.created", {});
  };
  return { session, own, far, events, act };
};

const QUESTION = [{ role: "user", content: "Hi" }] as const;

const playOrigin: Play = async (ed25519, now) => {
  const [own, far] = channelPair();
  const events: { type: string }[] = [];
  const runs: RunWriter[] = [];
  const session = await OriginSession.open<unknown>({
    channel: own,
    podId: POD_ID,
    ed25519,
    now,
    topics: ["orders.*"],
    rate: { framesPerSecond: 1e6, windowSeconds: 1, chatsAtOnce: 2, userTextBytes: 100 },
    verifyManifest: (signed) =>
      signed[0] === 0 ? Promise.resolve({ id: POD_ID }) : Promise.reject(new Error("no")),
    card: () => originCard({ id: POD_ID, name: "Hello" }),
    history: (id) => Promise.resolve({ messages: [{ role: "user", content: id }], state: {} }),
    onEvent: (event, session) => {
      events.push(event);
      if (event.type !== "chat") return;
      const { requestId, conversationId } = event.request;
      runs.push(session.run({ requestId, threadId: conversationId }));
    },
  });
  const act = (what: number) => {
    const run = runs.at(-1);
    if (what === 0) run?.text("Hello");
    else if (what === 1) run?.finish();
    else if (what === 2) run?.fail("chat_failed", "no");
    else if (what === 3) run?.reasoning("hm");
    else session.publish("orders.created", {});
  };
  return { session, own, far, events, act };
};

/** What a caller may get wrong is told to the caller. */
function tolerate(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error);
  }
}

/** Plays one sequence, and checks that the session survived it, or ended in order. */
async function play(open: Play, role: string, ed25519: Ed25519, steps: Step[]): Promise<void> {
  const clock = { now: START };
  const { session, own, far, events, act } = await open(ed25519, () => clock.now);
  const key = await nodeEd25519().generate();
  const from = `${role}:${toHex(key.publicKey)}`;
  const sent: string[] = [];

  const deliver = (text: string) => {
    sent.push(text);
    far.send(text);
  };
  const sign = async (members: object) => {
    const frame = {
      version: "0.2" as const,
      msg_id: uuidv7(clock.now),
      from,
      to: "*",
      topic: "dartc.ping",
      timestamp: clock.now,
      ...members,
    };
    // We sign no `__proto__`; somebody else may send it all the same.
    const unsigned = { ...frame, signature: `${"A".repeat(86)}==` };
    return JSON.stringify(await signFrame(frame, key).catch(() => unsigned));
  };
  const hello = () =>
    sign({ topic: "dartc.hello", payload: { role, features: ["dartc.ping", "flow.ack"] } });

  deliver(await hello());
  for (const next of steps) {
    switch (next.kind) {
      case "hello":
        deliver(await hello());
        break;
      case "signed":
        deliver(await sign({ topic: next.topic, payload: next.payload, dartc: next.dartc }));
        break;
      case "odd":
        deliver(
          await sign({
            topic: next.topic,
            payload: next.payload,
            timestamp: clock.now + next.skew,
            ...(next.to === undefined ? {} : { to: next.to }),
          }),
        );
        break;
      case "mutated": {
        const text = await sign({ topic: "gemmapod.chat.delta", payload: { a: [1, { b: 2 }] } });
        const at = next.at % text.length;
        deliver(text.slice(0, at) + next.instead + text.slice(at + next.cut));
        break;
      }
      case "replayed":
        deliver(sent[next.which % sent.length] ?? "");
        break;
      case "garbage":
        deliver(next.text);
        break;
      case "json":
        deliver(JSON.stringify(next.value));
        break;
      case "time":
        clock.now += next.ms;
        session.tick();
        break;
      case "act":
        act(next.what);
        break;
      default:
        next satisfies never;
    }
  }

  // It answers one more ping, or it is closed: it never just hangs.
  const ping = await sign({});
  const id = JSON.parse(ping).msg_id;
  deliver(ping);
  await until("the ping was answered or the session closed", () => {
    return session.state === "closed" || own.sent.some((text) => text.includes(id));
  });
  // It said nothing twice, and each frame made it say only so much.
  const ends = events.filter((event) => event.type === "closed").length;
  assert.equal(ends, session.state === "closed" ? 1 : 0);
  if (ends === 1) await until("the channel is closed", () => own.closeReason !== undefined);
  else assert.equal(own.closeReason, undefined);
  if (ends === 1) assert.equal(events.at(-1)?.type, "closed");
  assert.ok(own.sent.length <= 10 * (steps.length + 2), `${own.sent.length} frames were sent`);
  assert.ok(events.length <= 4 * (steps.length + 2), `${events.length} events were told`);
  session.close();
  assert.equal(session.state, "closed");
}

const webcrypto = await webCryptoEd25519();
const adapters = [nodeEd25519(), ...(webcrypto === undefined ? [] : [webcrypto])];

for (const ed25519 of adapters) {
  for (
    const [role, far, open] of [
      ["VisitorSession", "origin", playVisitor],
      ["OriginSession", "visitor", playOrigin],
    ] as const
  ) {
    Deno.test(`No sequence of frames makes a ${role} with ${ed25519.name} keys throw, hang or grow`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 40, size: "max" }),
          (steps) => play(open, far, ed25519, steps),
        ),
        { numRuns },
      );
    });
  }
}

Deno.test("A session's memory does not grow with what it was sent", async () => {
  const key = nodeEd25519().generate();
  for (const [far, open] of [["origin", playVisitor], ["visitor", playOrigin]] as const) {
    const { session, own, events } = await open(nodeEd25519(), () => START);
    const signing = await key;
    const from = `${far}:${toHex(signing.publicKey)}`;
    const frame = { version: "0.2", from, to: "*", timestamp: START } as const;
    const text = async (topic: string, payload: unknown, msg_id: string) =>
      JSON.stringify(await signFrame({ ...frame, topic, payload, msg_id }, signing));
    own.deliver(await text("dartc.hello", { role: far }, "hello"));
    const card = { kind: "AgentCard", card: { name: "x" } };
    own.deliver(await text("a2a.discovery", card, "card"));

    const before = Deno.memoryUsage().heapUsed;
    for (let i = 0; i < 2500; i++) {
      // Ids that would fill 200 MB if they were kept as they are; garbage waits for its collector.
      own.deliver(await text("dartc.ack", {}, `${i} ${"x".repeat(80_000)}`));
      events.length = 0;
    }
    const grown = Deno.memoryUsage().heapUsed - before;
    assert.equal(session.state, "ready");
    assert.ok(own.sent.length < 10);
    assert.ok(grown < 100e6, `the heap grew by ${grown} bytes`);
    session.close();
  }
});

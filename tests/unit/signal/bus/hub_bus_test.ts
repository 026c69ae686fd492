import assert from "node:assert/strict";
import { GIVE_UP_MS, LINGER_MS, PROBE_MS, RESEND_MS } from "../../../../src/signal/bus/limits.ts";
import { type BusHub, MemoryBus } from "./memory_bus.ts";

const offer = (sessionId: string, podId = "cafe") => ({ t: "offer", podId, sessionId, sdp: "v=0" });
const candidate = (sessionId: string, line: string) => ({
  t: "candidate",
  sessionId,
  candidate: { candidate: line },
});
const OFFLINE = "origin offline";
const REPLACED = { code: 4001, reason: "replaced by new origin" };

/** Two hubs on a bus, and a Host of the pod `cafe` at the first. */
async function pair() {
  const memory = new MemoryBus();
  const [here, there] = [memory.join(), memory.join()];
  const host = here.client();
  host.say({ t: "register", podId: "cafe" });
  await memory.settle();
  assert.deepEqual(host.got.splice(0), [{ t: "registered", podId: "cafe" }]);
  return {
    memory,
    here,
    there,
    host,
    visitor: there.client(),
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await there[Symbol.asyncDispose]();
    },
  };
}

/** Lets time go by at hubs, and what is sent in it arrive. */
async function pass(memory: MemoryBus, ms: number, ...hubs: BusHub[]): Promise<void> {
  for (let gone = 0; gone < ms; gone += RESEND_MS) {
    for (const hub of hubs) {
      hub.now += RESEND_MS;
      hub.bus.tick();
    }
    await memory.settle();
  }
}

Deno.test("Hub routes a session over the bus, candidates that come before the answer in order", async () => {
  await using scene = await pair();
  const { memory, host, visitor } = scene;
  visitor.say(offer("s"));
  visitor.say(candidate("s", "one"));
  visitor.say(candidate("s", "two"));
  await memory.settle();
  assert.deepEqual(host.got, [
    { t: "offer", sessionId: "s", sdp: "v=0" },
    candidate("s", "one"),
    candidate("s", "two"),
  ]);
  host.say(candidate("s", "three"));
  host.say({ t: "answer", sessionId: "s", sdp: "v=1" });
  await memory.settle();
  assert.deepEqual(visitor.got, [
    candidate("s", "three"),
    { t: "answer", sessionId: "s", sdp: "v=1" },
  ]);
});

Deno.test("Hub routes a session of its own without a word on the bus, and without waiting", async () => {
  await using scene = await pair();
  const { memory, here, host } = scene;
  const visitor = here.client();
  const before = memory.sent.length;
  visitor.say(offer("s"));
  host.say({ t: "answer", sessionId: "s", sdp: "v=1" });
  assert.deepEqual(visitor.got, [{ t: "answer", sessionId: "s", sdp: "v=1" }]);
  assert.equal(memory.sent.length, before);
});

Deno.test("Hub delivers everything once and in order, whatever the bus loses once", async () => {
  await using scene = await pair();
  const { memory, here, there, host, visitor } = scene;
  const lost = new Set<string>();
  memory.loses = (message) => {
    const what = JSON.stringify(message);
    return !lost.has(what) && Boolean(lost.add(what)); // each the first time
  };
  visitor.say(offer("s"));
  for (const line of ["a", "b", "c"]) visitor.say(candidate("s", line));
  await pass(memory, 4 * RESEND_MS, here, there);
  host.say({ t: "answer", sessionId: "s", sdp: "v=1" });
  for (const line of ["x", "y"]) host.say(candidate("s", line));
  await pass(memory, 4 * RESEND_MS, here, there);
  assert.deepEqual(host.got, [
    { t: "offer", sessionId: "s", sdp: "v=0" },
    ...["a", "b", "c"].map((line) => candidate("s", line)),
  ]);
  assert.deepEqual(visitor.got, [
    { t: "answer", sessionId: "s", sdp: "v=1" },
    ...["x", "y"].map((line) => candidate("s", line)),
  ]);
});

Deno.test("Hub ends a session at both brokers, whichever side ends it", async () => {
  await using scene = await pair();
  const { memory, here, there, host, visitor } = scene;
  const open = () => here.hub.sessions + there.hub.sessions;

  visitor.say(offer("refused"));
  await memory.settle();
  assert.equal(open(), 2);
  host.say({ t: "error", sessionId: "refused", message: "full" });
  await memory.settle();
  assert.equal(open(), 0);
  assert.deepEqual(visitor.got.splice(0), [{ t: "error", sessionId: "refused", message: "full" }]);

  visitor.say(offer("left"));
  await memory.settle();
  visitor.leave();
  await memory.settle();
  assert.equal(open(), 0);
  assert.deepEqual(host.got.at(-1), { t: "error", sessionId: "left", message: "visitor left" });

  const another = there.client();
  another.say(offer("offline"));
  await memory.settle();
  host.leave();
  await memory.settle();
  assert.equal(open(), 0);
  assert.deepEqual(another.got, [{ t: "error", sessionId: "offline", message: OFFLINE }]);
});

Deno.test("Hub tells a Host of a visitor who left before it was known who had the offer", async () => {
  await using scene = await pair();
  const { memory, here, there, host, visitor } = scene;
  visitor.say(offer("s"));
  visitor.say(candidate("s", "one"));
  visitor.leave();
  await memory.settle();
  assert.deepEqual(host.got, [
    { t: "offer", sessionId: "s", sdp: "v=0" },
    { t: "error", sessionId: "s", message: "visitor left" },
  ]);
  assert.equal(here.hub.sessions + there.hub.sessions, 0);
});

Deno.test("Hub calls nobody for a visitor who left, when a Host comes", async () => {
  await using scene = await pair();
  const { memory, here, there, visitor } = scene;
  await here[Symbol.asyncDispose]();
  visitor.say(offer("s"));
  await pass(memory, RESEND_MS, there);
  visitor.leave();
  await using third = memory.join();
  const host = third.client();
  host.say({ t: "register", podId: "cafe" });
  await pass(memory, GIVE_UP_MS, there, third);
  assert.deepEqual(host.got, [{ t: "registered", podId: "cafe" }]);
});

Deno.test("Hub says at once that nobody has a pod", async () => {
  await using scene = await pair();
  const { memory, visitor } = scene;
  visitor.say(offer("s", "nobody"));
  await memory.settle();
  assert.deepEqual(visitor.got, [{ t: "error", sessionId: "s", message: OFFLINE }]);
});

Deno.test("Hub waits 5 s for the Host of a broker that died, and no longer", async () => {
  await using scene = await pair();
  const { memory, here, there, visitor } = scene;
  await here[Symbol.asyncDispose](); // without a word: its registration stands
  visitor.say(offer("s"));
  await pass(memory, GIVE_UP_MS, there);
  assert.deepEqual(visitor.got, []);
  await pass(memory, 2 * RESEND_MS, there);
  assert.deepEqual(visitor.got, [{ t: "error", sessionId: "s", message: OFFLINE }]);
  await pass(memory, LINGER_MS, there);
  assert.equal(there.hub.sessions, 0);
});

Deno.test("Hub puts a waiting visitor through when the Host is back, here or elsewhere", async () => {
  for (const where of ["elsewhere", "here"]) {
    await using scene = await pair();
    const { memory, here, there, visitor } = scene;
    await here[Symbol.asyncDispose]();
    await using third = memory.join();
    visitor.say(offer("s"));
    visitor.say(candidate("s", "one"));
    await pass(memory, GIVE_UP_MS / 2, there, third);
    const host = (where === "here" ? there : third).client();
    host.say({ t: "register", podId: "cafe" });
    await pass(memory, 2 * RESEND_MS, there, third);
    assert.deepEqual(host.got, [
      { t: "registered", podId: "cafe" },
      { t: "offer", sessionId: "s", sdp: "v=0" },
      candidate("s", "one"),
    ]);
    host.say({ t: "answer", sessionId: "s", sdp: "v=1" });
    await memory.settle();
    assert.deepEqual(visitor.got, [{ t: "answer", sessionId: "s", sdp: "v=1" }]);
  }
});

Deno.test("Hub tells a visitor who waits for an answer that the Host's broker has died", async () => {
  await using scene = await pair();
  const { memory, here, there, visitor } = scene;
  visitor.say(offer("s"));
  await memory.settle();
  await here[Symbol.asyncDispose]();
  await pass(memory, PROBE_MS + GIVE_UP_MS + 4 * RESEND_MS, there);
  assert.deepEqual(visitor.got, [{ t: "error", sessionId: "s", message: OFFLINE }]);
});

Deno.test("Hub opens one session for an offer that comes again, also after it has ended", async () => {
  await using scene = await pair();
  const { memory, here, host, visitor } = scene;
  visitor.say(offer("s"));
  await memory.settle();
  host.say({ t: "error", sessionId: "s", message: "full" });
  await memory.settle();
  const said = memory.sent.find((message) => message.t === "say");
  assert(said !== undefined);
  memory.inject(here.broker, new TextEncoder().encode(JSON.stringify(said)));
  await memory.settle();
  assert.equal(host.got.length, 1);
  assert.equal(here.hub.sessions, 0);
});

Deno.test("Hub closes the older Host at another broker, and one socket's other pods with it", async () => {
  await using scene = await pair();
  const { memory, here, there, host } = scene;
  host.say({ t: "register", podId: "bar" });
  await memory.settle();
  const newer = there.client();
  newer.say({ t: "register", podId: "cafe" });
  await memory.settle();
  assert.deepEqual(host.closed(), REPLACED);
  assert.equal(newer.closed(), undefined);
  assert.equal(here.hub.origins, 0);
  const visitor = here.client();
  visitor.say(offer("s"));
  visitor.say(offer("t", "bar"));
  await memory.settle();
  assert.deepEqual(newer.got.at(-1), { t: "offer", sessionId: "s", sdp: "v=0" });
  assert.deepEqual(visitor.got, [{ t: "error", sessionId: "t", message: OFFLINE }]);
});

Deno.test("Hub finds out at the next refresh that it was not told of a newer registration", async () => {
  await using scene = await pair();
  const { memory, here, there, host } = scene;
  memory.loses = (message) => message.t === "replaced";
  const newer = there.client();
  newer.say({ t: "register", podId: "cafe" });
  await memory.settle();
  assert.equal(host.closed(), undefined);
  await Promise.all([here.registrations.refresh(), memory.settle()]);
  assert.deepEqual(host.closed(), REPLACED);
  await Promise.all([here.registrations.refresh(), memory.settle()]);
  await Promise.all([there.registrations.refresh(), memory.settle()]);
  assert.equal(newer.closed(), undefined);
});

Deno.test("Hub registers without the bus, and of two Hosts the later one has the pod afterwards", async () => {
  for (const first of ["here", "there"] as const) {
    await using scene = await pair();
    const { memory, here, there, host } = scene;
    for (const hub of [here, there]) hub.wire("down");
    assert.equal(here.hub.bus, "degraded");
    here.now = there.now = 60_000;
    const newer = there.client();
    newer.say({ t: "register", podId: "cafe" });
    await memory.settle();
    assert.deepEqual(newer.got, [{ t: "registered", podId: "cafe" }]);
    assert.equal(host.closed(), undefined);
    const [one, two] = first === "here" ? [here, there] : [there, here];
    for (const hub of [one, two]) {
      hub.wire("up");
      await Promise.all([hub.registrations.refresh(), memory.settle()]);
      await memory.settle();
    }
    assert.equal(here.hub.bus, "up");
    assert.deepEqual(host.closed(), REPLACED);
    assert.equal(newer.closed(), undefined);
  }
});

Deno.test("Hub says degraded while the store does not answer, and up when it does again", async () => {
  await using scene = await pair();
  const { memory, here, there, visitor, host } = scene;
  memory.storeUp = false;
  const another = here.client();
  another.say({ t: "register", podId: "bar" });
  await memory.settle();
  assert.deepEqual(another.got, [{ t: "registered", podId: "bar" }]);
  assert.equal(here.hub.bus, "degraded");
  visitor.say(offer("s")); // routing needs no store
  await memory.settle();
  assert.deepEqual(host.got, [{ t: "offer", sessionId: "s", sdp: "v=0" }]);
  memory.storeUp = true;
  await Promise.all([here.registrations.refresh(), memory.settle()]);
  assert.equal(here.hub.bus, "up");
  assert.equal(there.hub.bus, "up");
});

Deno.test("Hub keeps the bus out of what a Host says twice, and out of what it never registered", async () => {
  await using scene = await pair();
  const { memory, here, host } = scene;
  const before = memory.sent.length;
  for (let i = 0; i < 100; i++) host.say({ t: "register", podId: "cafe" });
  assert.equal(host.got.length, 100);
  const nobody = here.client();
  nobody.say({ t: "ping" });
  nobody.leave();
  await memory.settle();
  assert.equal(memory.sent.length, before);
});

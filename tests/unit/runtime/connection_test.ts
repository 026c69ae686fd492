import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import { quickTransportStatus } from "../../../src/runtime/mod.ts";
import { settled } from "./fake_clock.ts";
import { DARTC_CONFIG, fakeRuntime } from "./fake_runtime.ts";
import type { FakeTransport } from "./fake_transport.ts";

function refuse(transport: FakeTransport, code = "origin_offline"): void {
  transport.onConnect = () => Promise.reject(new CodedError(code, "nobody home"));
}

function accept(transport: FakeTransport): void {
  transport.onConnect = () => Promise.resolve();
}

Deno.test("connect() is shared by all who ask meanwhile, and does nothing when it stands", async () => {
  await using fake = fakeRuntime();
  await Promise.all([fake.runtime.connect(), fake.runtime.connect()]);
  await fake.runtime.connect();
  assert.equal(fake.transport().connects, 1);
  assert.equal(fake.runtime.transport.status, "ready");
});

Deno.test("a failure is tried again by itself: 0.5 s, doubling to 30 s", async () => {
  await using fake = fakeRuntime({ prepare: (transport) => refuse(transport) });
  await assert.rejects(fake.runtime.connect());
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 9; attempt++) {
    const { retryAt = 0, status } = fake.runtime.transport;
    assert.equal(status, "error");
    const wait = retryAt - fake.clock.now();
    waits.push(wait);
    await fake.clock.advance(wait - 1);
    assert.equal(fake.transport().connects, attempt);
    await fake.clock.advance(1);
    assert.equal(fake.transport().connects, attempt + 1);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000]);
  accept(fake.transport());
  await fake.clock.advance(30_000);
  const { status, attempt, error, retryAt } = fake.runtime.transport;
  assert.deepEqual([status, attempt, error, retryAt], ["ready", 0, undefined, undefined]);
});

Deno.test("a connection that drops comes back by itself, first within half a second", async () => {
  await using fake = fakeRuntime();
  await fake.runtime.connect();
  fake.transport().drop();
  assert.equal(fake.runtime.transport.status, "connecting");
  assert.equal(fake.runtime.getTransport(), null);
  await fake.clock.advance(500);
  assert.equal(fake.runtime.transport.status, "ready");
  const ready = fake.events.filter(({ type }) => type === "runtime.ready");
  assert.equal(ready.length, 2);
});

Deno.test("after a loss the same transport is tried first, then all of them", async () => {
  await using fake = fakeRuntime({
    config: {
      transport: {
        dartc: { signalUrl: "ws://127.0.0.1:1/signal", podId: "test-pod" },
        direct: { baseUrl: "http://x" },
      },
    },
  });
  await fake.runtime.connect();
  refuse(fake.transport());
  fake.transport().drop();
  await fake.clock.advance(500 + 1000 + 2000);
  assert.equal(fake.runtime.transport.status, "error");
  assert.equal(fake.transport().connects, 4);
  await fake.clock.advance(4000);
  assert.equal(fake.runtime.transport.name, "direct");
  assert.equal(fake.runtime.transport.status, "ready");
});

Deno.test("a question while it waits tries at once", async () => {
  await using fake = fakeRuntime({ prepare: (transport) => refuse(transport) });
  await assert.rejects(fake.runtime.connect());
  accept(fake.transport());
  const answer = fake.runtime.chat.send("hello");
  await settled();
  fake.transport().answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
  assert.equal(fake.runtime.transport.retryAt, undefined);
});

for (const signal of ["online", "visible", "pageshow"] as const) {
  Deno.test(`${signal} ends a wait at once`, async () => {
    await using fake = fakeRuntime({ prepare: (transport) => refuse(transport) });
    await assert.rejects(fake.runtime.connect());
    accept(fake.transport());
    fake.signal(signal);
    await settled();
    assert.equal(fake.runtime.transport.status, "ready");
    fake.signal(signal);
    assert.equal(fake.transport().connects, 2);
    assert.equal(fake.transport().ticks, 1, "what stands is looked after");
  });

  Deno.test(`${signal} connects nobody who did not ask`, async () => {
    await using fake = fakeRuntime();
    fake.signal(signal);
    await settled();
    assert.equal(fake.runtime.transport.status, "idle");
  });
}

Deno.test("without a network it waits for one", async () => {
  await using fake = fakeRuntime();
  await fake.runtime.connect();
  fake.online = false;
  fake.transport().drop();
  await fake.clock.advance(600_000);
  fake.signal("visible");
  await settled();
  assert.equal(fake.transport().connects, 1);
  fake.online = true;
  fake.signal("online");
  await settled();
  assert.equal(fake.runtime.transport.status, "ready");
});

for (const code of ["manifest_rejected", "owner_mismatch", "pod_mismatch"]) {
  Deno.test(`${code} is not tried again by itself, but when asked`, async () => {
    await using fake = fakeRuntime({ prepare: (transport) => refuse(transport, code) });
    await assert.rejects(fake.runtime.connect(), { code });
    await fake.clock.advance(600_000);
    assert.equal(fake.transport().connects, 1);
    accept(fake.transport());
    await fake.runtime.connect();
    assert.equal(fake.runtime.transport.status, "ready");
  });
}

Deno.test("a page that comes back from the cache connects again", async () => {
  await using fake = fakeRuntime();
  await fake.runtime.connect();
  fake.signal("pagehide");
  assert.equal(fake.runtime.getTransport(), null);
  await fake.clock.advance(60_000);
  assert.equal(fake.transport().connects, 1);
  fake.signal("pageshow");
  await settled();
  assert.equal(fake.runtime.transport.status, "ready");
});

Deno.test("a transport is looked after every second while it is ready", async () => {
  await using fake = fakeRuntime();
  await fake.runtime.connect();
  await fake.clock.advance(5_000);
  assert.equal(fake.transport().ticks, 5);
  fake.transport().drop();
  refuse(fake.transport());
  await fake.clock.advance(5_000);
  assert.equal(fake.transport().ticks, 5);
});

Deno.test("destroy() closes, tells once, and nothing follows", async () => {
  const fake = fakeRuntime();
  await fake.runtime.connect();
  const answer = fake.runtime.chat.send("hello");
  const cut = assert.rejects(answer, { code: "destroyed" });
  await Promise.all([fake.runtime.destroy(), fake.runtime.destroy()]);
  await cut;
  assert.equal(fake.transport().state, "closed");
  assert.equal(fake.runtime.transport.status, "destroyed");
  assert.equal(fake.events.at(-1)?.type, "runtime.destroyed");
  assert.equal(fake.clock.waiting, 0, "no timer is left");
  const heard = fake.events.length;
  fake.transport().drop();
  fake.signal("online");
  await fake.clock.advance(60_000);
  assert.equal(fake.events.length, heard);
  await assert.rejects(fake.runtime.connect(), { code: "destroyed" });
  assert.equal(fake.runtime.chat.history().at(-1)?.status, "cut");
  await assert.rejects(fake.runtime.chat.send("more?"), { code: "destroyed" });
  assert.equal(fake.events.length, heard);
});

Deno.test("destroy() in the middle of an attempt ends it", async () => {
  const fake = fakeRuntime({
    prepare: (transport) => {
      transport.onConnect = () => new Promise(() => {});
    },
  });
  const connecting = assert.rejects(fake.runtime.connect(), { code: "destroyed" });
  await settled();
  await fake.runtime.destroy();
  await connecting;
  assert.equal(fake.runtime.transport.status, "destroyed");
});

Deno.test("the trace and the steps are bounded", async () => {
  await using fake = fakeRuntime({ prepare: (transport) => refuse(transport) });
  await assert.rejects(fake.runtime.connect());
  for (let step = 0; step < 500; step++) {
    fake.transport().context.emit({ type: "stage", stage: "signaling" });
    if (step % 5 === 0) await fake.clock.advance(30_000);
  }
  assert.equal(fake.runtime.transport.trace.length, 64);
  assert.equal(fake.runtime.transport.dartcEvents.length, 64);
});

Deno.test("quickTransportStatus() says where it stands in a sentence", async () => {
  await using fake = fakeRuntime();
  const status = () => quickTransportStatus(fake.runtime);
  assert.deepEqual(status(), {
    phase: "idle",
    transportName: undefined,
    detail: "Not connected yet",
  });
  const connecting = fake.runtime.connect();
  assert.equal(status().detail, "Connecting");
  await connecting;
  assert.deepEqual(status(), {
    phase: "ready",
    transportName: "dartc",
    detail: "Connected to the owner's machine",
  });
  refuse(fake.transport());
  fake.transport().drop();
  assert.equal(status().detail, "Connecting again");
  await fake.clock.advance(500);
  assert.deepEqual([status().phase, status().detail], ["error", "nobody home"]);
});

Deno.test("a connection that is lost as soon as it stands, again and again, is tried ever later", async () => {
  await using fake = fakeRuntime();
  await fake.runtime.connect();
  const waits: number[] = [];
  for (let loss = 0; loss < 4; loss++) {
    fake.transport().drop("rate_limited");
    const wait = (fake.runtime.transport.retryAt ?? 0) - fake.clock.now();
    waits.push(wait);
    await fake.clock.advance(wait);
    assert.equal(fake.runtime.transport.status, "ready");
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
  await fake.clock.advance(60_000);
  fake.transport().drop();
  assert.equal((fake.runtime.transport.retryAt ?? 0) - fake.clock.now(), 500, "it stood a while");
});

Deno.test("a pod that was refused is not tried again because its tab is shown", async () => {
  await using fake = fakeRuntime({ prepare: (transport) => refuse(transport, "owner_mismatch") });
  await assert.rejects(fake.runtime.connect(), { code: "owner_mismatch" });
  for (const signal of ["visible", "online", "pageshow"] as const) fake.signal(signal);
  await settled();
  assert.equal(fake.transport().connects, 1);
  assert.equal(fake.runtime.transport.status, "error");
});

Deno.test("who hears of an attempt and asks for a connection has asked for that one", async () => {
  await using fake = fakeRuntime();
  const { runtime } = fake;
  const again = () => void runtime.connect().catch(() => {}); // refused once it is destroyed
  runtime.events.on("transport.connecting", again);
  runtime.events.on("transport.updated", again);
  runtime.events.once("transport.connecting", () => void runtime.chat.send("hello"));
  await runtime.connect();
  assert.equal(fake.transport().connects, 1);
  await settled();
  assert.equal(fake.transport().asked.length, 1);
  fake.transport().answer(0, ["Hi"]);
});

for (
  const [type, outcome] of [
    ["transport.connecting", "fails"],
    ["transport.updated", "fails"],
    ["transport.fallback", "fails"],
    ["runtime.error", "fails"],
    ["chat.history", "fails"],
    ["transport.connecting", "stands"],
    ["transport.ready", "stands"],
    ["runtime.ready", "stands"],
    ["chat.history", "stands"],
  ] as const
) {
  Deno.test(`a handler of ${type} may destroy the pod whose attempt ${outcome}`, async () => {
    const { transport } = DARTC_CONFIG;
    const fake = fakeRuntime({
      config: { transport: { ...transport, direct: { baseUrl: "http://x" } } },
      prepare: (made) => outcome === "fails" ? refuse(made) : undefined,
    });
    const { runtime } = fake;
    let ended: Promise<void> | undefined;
    runtime.events.on(type, () => ended = runtime.destroy());
    const connecting = runtime.connect().then(() => {}, ({ code }) => code);
    const answer = runtime.chat.send("hello").then(() => {}, ({ code }) => code);
    await connecting;
    assert.ok(ended !== undefined, "it was told");
    await ended;
    if (type === "chat.history" || outcome === "fails") {
      assert.match(await answer, /destroyed|origin_offline/);
    }
    const count = fake.events.filter((event) => event.type === "runtime.destroyed").length;
    assert.equal(count, 1);
    assert.equal(fake.events.at(-1)?.type, "runtime.destroyed");
    assert.equal(runtime.transport.status, "destroyed");
    assert.equal(runtime.getTransport(), null);
    assert.equal(fake.clock.waiting, 0, "no timer is left");
  });
}

Deno.test("who hears that an answer was cut may destroy the pod whose connection was lost", async () => {
  const fake = fakeRuntime();
  const { runtime } = fake;
  const answer = assert.rejects(runtime.chat.send("hello"), { code: "disconnected" });
  await settled();
  let ended: Promise<void> | undefined;
  runtime.events.once("chat.history", () => ended = runtime.destroy());
  fake.transport().drop();
  await answer;
  await ended;
  assert.equal(runtime.transport.status, "destroyed");
  assert.equal(fake.clock.waiting, 0, "no timer is left");
  assert.equal(fake.events.at(-1)?.type, "runtime.destroyed");
});

Deno.test("an attempt that was due without a network is due no more", async () => {
  await using fake = fakeRuntime({ prepare: (transport) => refuse(transport) });
  await assert.rejects(fake.runtime.connect());
  fake.online = false;
  await fake.clock.advance(5_000);
  assert.equal(fake.transport().connects, 1);
  assert.equal(fake.runtime.transport.retryAt, undefined);
  fake.online = true;
  fake.signal("online");
  await settled();
  assert.equal(fake.transport().connects, 2);
});

Deno.test("a transport that is not in use may close without a word to anybody's answer", async () => {
  const { transport } = DARTC_CONFIG;
  await using fake = fakeRuntime({
    config: { transport: { ...transport, direct: { baseUrl: "http://x" } } },
    prepare: (made) => made.name === "dartc" ? refuse(made) : undefined,
  });
  const answer = fake.runtime.chat.send("hello");
  await settled();
  assert.equal(fake.runtime.transport.name, "direct");
  fake.transport("dartc").drop();
  assert.equal(fake.runtime.transport.status, "ready");
  fake.transport("direct").answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
});

Deno.test("a transport that cannot be closed keeps nobody from destroying the pod", async () => {
  const fake = fakeRuntime({
    prepare: (transport) => {
      transport.close = () => {
        throw new Error("no");
      };
    },
  });
  await fake.runtime.connect();
  await fake.runtime.destroy();
  assert.equal(fake.events.at(-1)?.type, "runtime.destroyed");
});

Deno.test("a conversation that is opened while the Host is greeted is the one that it hears of", async () => {
  const greeted: string[] = [];
  const calls: (() => void)[] = [];
  await using fake = fakeRuntime({
    prepare: (transport) => {
      transport.onConnect = () => {
        greeted.push(transport.context.conversationId());
        return new Promise((resolve) => calls.push(resolve));
      };
    },
  });
  const { runtime } = fake;
  runtime.chat.setHistory([{ role: "user", content: "first" }]);
  const first = runtime.conversationId;
  await runtime.chat.clear();
  const second = runtime.conversationId;
  const connecting = runtime.connect();
  await settled();
  await runtime.chat.open(first);
  const answer = runtime.chat.send("and?");
  calls.shift()?.();
  await settled();
  assert.equal(runtime.transport.status, "connecting");
  calls.shift()?.();
  await connecting;
  assert.deepEqual(greeted, [second, first]);
  await settled();
  fake.transport().answer(0, ["Hi"]);
  assert.equal(await answer, "Hi");
});

Deno.test("what was said to a Host that is gone makes no other transport connect twice", async () => {
  const { transport } = DARTC_CONFIG;
  await using fake = fakeRuntime({
    config: { transport: { ...transport, direct: { baseUrl: "http://x" } } },
    prepare: (made) => {
      if (made.name !== "dartc") return;
      made.onConnect = () => {
        made.context.conversationId();
        return Promise.resolve();
      };
    },
  });
  await fake.runtime.connect();
  await fake.runtime.chat.clear();
  refuse(fake.transport("dartc"));
  fake.transport("dartc").drop();
  await fake.clock.advance(500 + 1000 + 2000 + 4000);
  assert.equal(fake.runtime.transport.name, "direct");
  assert.equal(fake.transport("direct").connects, 1);
});

for (const type of ["transport.updated", "transport.ready", "runtime.ready"] as const) {
  Deno.test(`who hears by ${type} that it stands may go to another conversation`, async () => {
    await using fake = fakeRuntime();
    const { runtime } = fake;
    const first = runtime.conversationId;
    runtime.chat.setHistory([{ role: "user", content: "hello" }]);
    await runtime.chat.clear();
    let opened = false;
    runtime.events.on(type, () => {
      if (opened || runtime.getTransport() === null) return;
      opened = true;
      void runtime.chat.open(first);
    });
    await runtime.connect();
    await settled();
    assert.equal(runtime.conversationId, first);
    assert.equal(runtime.transport.status, "ready", "it greets anew, and stands again");
    assert.equal(fake.transport().connects, 2);
  });
}

Deno.test("who hears of a failure and asks for a connection does not end the wait for the next", async () => {
  await using fake = fakeRuntime({ prepare: (transport) => refuse(transport) });
  const { runtime } = fake;
  runtime.events.on("transport.updated", ({ state }) => {
    if (state.status === "error") runtime.connect().catch(() => {});
  });
  await assert.rejects(runtime.connect(), { code: "origin_offline" });
  accept(fake.transport());
  await fake.clock.advance((runtime.transport.retryAt ?? 0) - fake.clock.now());
  assert.equal(runtime.transport.status, "ready");
  assert.equal(fake.transport().connects, 2);
});

Deno.test("who hears of a loss and asks for a connection at once waits for no other", async () => {
  await using fake = fakeRuntime();
  const { runtime } = fake;
  await runtime.connect();
  runtime.events.once("transport.updated", () => void runtime.connect());
  fake.transport().drop();
  await settled();
  const { status, retryAt } = runtime.transport;
  assert.deepEqual([status, retryAt], ["ready", undefined]);
  await fake.clock.advance(60_000);
  assert.equal(fake.transport().connects, 2);
});

import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import { quickTransportStatus } from "../../../src/runtime/mod.ts";
import { settled } from "./fake_clock.ts";
import { fakeRuntime } from "./fake_runtime.ts";
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

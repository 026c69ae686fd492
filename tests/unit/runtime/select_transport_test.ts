import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import type { TransportConfig } from "../../../src/pod/mod.ts";
import { transportOrder } from "../../../src/runtime/select_transport.ts";
import { fakeRuntime } from "./fake_runtime.ts";
import type { FakeTransport } from "./fake_transport.ts";

const DARTC = { signalUrl: "ws://127.0.0.1:1/signal", podId: "test-pod" };
const ALL: TransportConfig = { dartc: DARTC, fallback: {}, direct: { baseUrl: "http://x" } };

Deno.test("the order is the preferred one, then what is configured, in the default order", () => {
  const order = (transport: TransportConfig) => transportOrder({ transport });
  assert.deepEqual(order(ALL), ["dartc", "fallback", "direct"]);
  assert.deepEqual(order({ ...ALL, preferred: ["direct"] }), ["direct", "dartc", "fallback"]);
  assert.deepEqual(order({ dartc: DARTC, preferred: ["fallback", "dartc"] }), ["dartc"]);
  assert.deepEqual(order({ ...ALL, preferred: ["fallback", "fallback"] }), [
    "fallback",
    "dartc",
    "direct",
  ]);
});

function refuse(transport: FakeTransport): void {
  transport.onConnect = () => Promise.reject(new CodedError("origin_offline", "nobody home"));
}

Deno.test("what fails is passed over, what is not built in is said, and all is in the trace", async () => {
  await using fake = fakeRuntime({
    config: { transport: ALL },
    prepare: (transport) => {
      if (transport.name === "dartc") refuse(transport);
      return transport.name !== "fallback";
    },
  });
  await fake.runtime.connect();
  const { status, name, trace } = fake.runtime.transport;
  assert.deepEqual([status, name], ["ready", "direct"]);
  assert.deepEqual(trace.map(({ transport, outcome, code }) => [transport, outcome, code]), [
    ["dartc", "failed", "origin_offline"],
    ["fallback", "skipped", "not_built_in"],
    ["direct", "ready", undefined],
  ]);
  const told = fake.events.filter(({ type }) =>
    type.startsWith("transport.") || type === "runtime.ready"
  )
    .filter(({ type }) => type !== "transport.updated");
  assert.deepEqual(told, [
    { type: "transport.connecting", transport: "auto", attempt: 0 },
    { type: "transport.fallback", from: "dartc", to: "fallback", reason: "nobody home" },
    {
      type: "transport.fallback",
      from: "fallback",
      to: "direct",
      reason: "fallback is not built into this runtime",
    },
    { type: "transport.ready", transport: "direct" },
    { type: "runtime.ready", transport: "direct" },
  ]);
  assert.equal(fake.runtime.getTransport()?.name, "direct");
});

Deno.test("when all fail, connect() rejects with the trace and the first one's code", async () => {
  await using fake = fakeRuntime({
    config: { transport: { dartc: DARTC, fallback: {} } },
    prepare: (transport) => {
      refuse(transport);
      return transport.name !== "fallback";
    },
  });
  await assert.rejects(fake.runtime.connect(), (error: CodedError & { trace?: unknown[] }) => {
    assert.equal(error.code, "origin_offline");
    assert.equal(
      error.message,
      "dartc: nobody home; fallback: fallback is not built into this runtime",
    );
    assert.equal(error.trace?.length, 2);
    return true;
  });
  assert.equal(fake.runtime.transport.status, "error");
  assert.equal(fake.runtime.transport.error?.code, "origin_offline");
  assert.equal(fake.runtime.getTransport(), null);
});

Deno.test("a transport that cannot even be made is one that failed", async () => {
  await using fake = fakeRuntime({
    adapter: {
      transport: {
        create: () => {
          throw new CodedError("webrtc_missing", "no WebRTC here");
        },
      },
    },
  });
  await assert.rejects(fake.runtime.connect(), {
    code: "webrtc_missing",
    message: "no WebRTC here",
  });
  assert.equal(fake.runtime.transport.retryAt, undefined, "trying again cannot help");
});

import assert from "node:assert/strict";
import { createLogger } from "../../../src/base/mod.ts";
import { EventBus, type HostEvent } from "../../../src/host/event_bus.ts";

Deno.test("EventBus: handlers of a type and of all get the event, stamped and numbered", () => {
  const bus = new EventBus({ now: () => 42 });
  const all: HostEvent[] = [];
  let added = 0;
  bus.on("*", (event) => all.push(event));
  bus.on("pod_added", () => added++);
  bus.emit({ scope: "host", event: { type: "pod_added", podId: "a" } });
  bus.emit({ scope: "pod", podId: "a", event: { type: "pod_running" } });
  assert.equal(added, 1);
  assert.deepEqual(all, [
    { scope: "host", event: { type: "pod_added", podId: "a", id: 1, timestamp: 42 } },
    { scope: "pod", podId: "a", event: { type: "pod_running", id: 2, timestamp: 42 } },
  ]);
});

Deno.test("EventBus: a handler that throws is logged and harms no other", () => {
  const lines: string[] = [];
  const bus = new EventBus({
    log: createLogger({ name: "host", write: (line) => lines.push(line) }),
  });
  let called = 0;
  bus.on("host_stopping", () => {
    throw new Error("oops");
  });
  bus.on("host_stopping", () => called++);
  bus.emit({ scope: "host", event: { type: "host_stopping" } });
  assert.equal(called, 1);
  assert.match(lines[0] ?? "", /oops/);
});

Deno.test("EventBus: a handler may end its own subscription while it is called", () => {
  const bus = new EventBus();
  let called = 0;
  const off = bus.on("*", () => {
    called++;
    off();
  });
  bus.emit({ scope: "host", event: { type: "host_stopping" } });
  bus.emit({ scope: "host", event: { type: "host_stopping" } });
  assert.equal(called, 1);
});

import assert from "node:assert/strict";
import { Keepalive } from "../../../src/dartc/keepalive.ts";

Deno.test("Keepalive pings after 20 seconds of silence and each 20 seconds more, three times", () => {
  const keepalive = new Keepalive(0);
  const steps: string[] = [];
  for (let now = 0; now <= 80_000; now += 1000) {
    const step = keepalive.tick(now);
    if (step !== "nothing") steps.push(`${step} ${now}`);
  }
  assert.deepEqual(steps, ["ping 20000", "ping 40000", "ping 60000", "close 80000"]);
});

Deno.test("Keepalive begins anew with every word of the peer", () => {
  const keepalive = new Keepalive(0);
  for (let now = 20_000; now <= 200_000; now += 20_000) {
    assert.equal(keepalive.tick(now), "ping");
    keepalive.heard(now);
  }
});

Deno.test("Keepalive does not give up after a long sleep before it has asked", () => {
  const keepalive = new Keepalive(0);
  assert.equal(keepalive.tick(10_000_000), "ping");
  assert.equal(keepalive.tick(10_000_001), "nothing");
});

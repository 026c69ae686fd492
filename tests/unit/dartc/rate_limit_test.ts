import assert from "node:assert/strict";
import { FrameRate } from "../../../src/dartc/rate_limit.ts";

Deno.test("FrameRate admits rate times window in any window, and what was refused is not counted", () => {
  const rate = new FrameRate({ framesPerSecond: 2, windowSeconds: 2 });
  for (const at of [0, 0, 500, 1000]) assert.equal(rate.admit(at), true);
  for (const at of [1000, 1999]) assert.equal(rate.admit(at), false);
  for (const at of [2000, 2000]) assert.equal(rate.admit(at), true);
  assert.equal(rate.admit(2499), false);
  assert.equal(rate.admit(2500), true);
});

Deno.test("FrameRate admits everything where there is no limit", () => {
  const rate = new FrameRate({ framesPerSecond: Infinity, windowSeconds: 1 });
  for (let i = 0; i < 10_000; i++) assert.equal(rate.admit(0), true);
});

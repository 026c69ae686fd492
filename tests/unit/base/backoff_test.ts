import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { backoffDelay } from "../../../src/base/mod.ts";

Deno.test("backoffDelay() doubles its ceiling from 0.5 s to a minute", () => {
  const ceilings = [0, 1, 2, 6, 7, 1000].map((n) => backoffDelay(n, { random: () => 1 }));
  assert.deepEqual(ceilings, [500, 1000, 2000, 32_000, 60_000, 60_000]);
});

Deno.test("backoffDelay() stays between nothing and its ceiling for any attempt", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const delay = backoffDelay(attempt, { random: () => random });
      assert.ok(delay >= 0 && delay <= 60_000);
    }),
  );
});

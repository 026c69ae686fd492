import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { InOrder } from "../../../src/dartc/in_order.ts";
import { until } from "./until.ts";

Deno.test("InOrder takes what is there at once, on the caller's stack", () => {
  const taken: number[] = [];
  const lane = new InOrder<number>((value) => {
    taken.push(value);
  });
  lane.push(1);
  lane.push(2);
  assert.deepEqual(taken, [1, 2]);
});

Deno.test("InOrder takes what is pushed while it takes after that, not within", () => {
  const log: string[] = [];
  const lane: InOrder<number> = new InOrder((value) => {
    log.push(`begin ${value}`);
    if (value === 1) lane.push(2);
    log.push(`end ${value}`);
  });
  lane.push(1);
  assert.deepEqual(log, ["begin 1", "end 1", "begin 2", "end 2"]);
});

Deno.test("InOrder keeps the order whatever comes when, and however long taking lasts", async () => {
  const delay = fc.constantFrom<"now" | "soon" | "later">("now", "soon", "later");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(delay, delay), { maxLength: 30 }), async (plan) => {
      const taken: number[] = [];
      let busy = 0;
      const lane = new InOrder<number>((value) => {
        assert.equal(busy++, 0, "one at a time");
        const done = () => {
          busy--;
          taken.push(value);
        };
        const wait = after(plan[value]?.[1] ?? "now");
        return wait === undefined ? done() : wait.then(done);
      });
      for (const [i, [when]] of plan.entries()) lane.push(after(when)?.then(() => i) ?? i);
      await until("all were taken", () => taken.length === plan.length);
      assert.deepEqual(taken, plan.map((_, i) => i));
      assert.equal(lane.length, 0);
    }),
    { numRuns: 50 },
  );
});

Deno.test("InOrder holds many values without slowing down", async () => {
  let taken = 0;
  const lane = new InOrder<number>(() => {
    taken++;
  });
  const first = Promise.withResolvers<number>();
  lane.push(first.promise);
  for (let i = 0; i < 100_000; i++) lane.push(i);
  assert.equal(lane.length, 100_001);
  first.resolve(0);
  await until("all were taken", () => taken === 100_001);
});

function after(when: "now" | "soon" | "later"): Promise<void> | undefined {
  if (when === "now") return undefined;
  if (when === "soon") return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, 0));
}

import assert from "node:assert/strict";
import { Gate } from "../../../src/signal/gate.ts";

Deno.test("a Gate lets one through at a time, in order, also behind one that failed", async () => {
  const gate = new Gate();
  const seen: string[] = [];
  const held = Promise.withResolvers<void>();
  const first = gate.run(async () => {
    seen.push("first begins");
    await held.promise;
    seen.push("first ends");
    throw new Error("first");
  });
  const second = gate.run(() => Promise.resolve(seen.push("second")));
  held.resolve();
  await assert.rejects(first, /first/);
  assert.equal(await second, 3);
  assert.deepEqual(seen, ["first begins", "first ends", "second"]);
});

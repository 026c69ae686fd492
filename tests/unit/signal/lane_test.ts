import assert from "node:assert/strict";
import { Lane } from "../../../src/signal/encoded/lane.ts";

Deno.test("a lane does one thing after another, also after one that failed", async () => {
  const lane = new Lane(2);
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const work = [
    lane.run(async () => {
      await first.promise;
      said.push("first");
      throw new Error("no");
    }),
    lane.run(() => Promise.resolve(said.push("second"))),
  ];
  assert.deepEqual(said, []);
  first.resolve();
  const [failed, done] = await Promise.allSettled(work);
  assert.equal(failed?.status, "rejected");
  assert.deepEqual(done, { status: "fulfilled", value: 2 });
  assert.deepEqual(said, ["first", "second"]);
});

Deno.test("a lane takes no more when too many wait, and again when they are done", async () => {
  const lane = new Lane(1);
  const nothing = () => Promise.resolve("done");
  const taken = [lane.run(nothing), lane.run(nothing), lane.run(nothing)];
  assert.equal(taken[2], undefined);
  assert.deepEqual(await Promise.all(taken), ["done", "done", undefined]);
  assert.equal(await lane.run(nothing), "done");
});

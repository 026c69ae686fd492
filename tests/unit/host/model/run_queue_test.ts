import assert from "node:assert/strict";
import { type QueuePlace, RunQueue } from "../../../../src/host/model/run_queue.ts";

/** Enters requests and writes down who runs, in order, and what each is told. */
function record(queue: RunQueue) {
  const started: string[] = [];
  const places = new Map<string, QueuePlace[]>();
  const open = new Map<string, PromiseWithResolvers<Disposable>>();
  const aborts = new Map<string, AbortController>();
  async function enter(
    name: string,
    options: { pod?: string; podLimits?: { runsAtOnce?: number; queue?: number } } = {},
  ): Promise<void> {
    const { pod = "pod", podLimits } = options;
    const abort = new AbortController();
    aborts.set(name, abort);
    places.set(name, []);
    open.set(name, Promise.withResolvers());
    const place = await queue.enter({
      visitor: name[0] ?? "",
      pod,
      ...(podLimits ? { podLimits } : {}),
      signal: abort.signal,
      onPlace: (at) => places.get(name)?.push(at),
    });
    started.push(name);
    open.get(name)?.resolve(place);
  }
  return {
    started,
    places,
    enter,
    abort: (name: string) => aborts.get(name)?.abort(),
    leave: async (name: string) => (await open.get(name)?.promise)?.[Symbol.dispose](),
  };
}

Deno.test("a run starts at once where a place is free, and is told of no queue", async () => {
  const queue = new RunQueue({ runsAtOnce: 2, maxWaiting: 2 });
  const { enter, started, places } = record(queue);
  await Promise.all([enter("a1"), enter("b1")]);
  assert.deepEqual(started, ["a1", "b1"]);
  assert.deepEqual(places.get("b1"), []);
  assert.deepEqual([queue.running, queue.waiting], [2, 0]);
});

Deno.test("visitors are served in turn: one with many requests does not starve the others", async () => {
  const { enter, leave, started } = record(new RunQueue({ runsAtOnce: 1, maxWaiting: 9 }));
  const all = ["a1", "a2", "a3", "b1", "c1", "b2"].map((name) => enter(name));
  for (const name of ["a1", "b1", "c1", "a2", "b2", "a3"]) await leave(name);
  await Promise.all(all);
  assert.deepEqual(started, ["a1", "b1", "c1", "a2", "b2", "a3"]);
});

Deno.test("who waits is told the place and how many wait, again at each change and not else", async () => {
  const { enter, leave, abort, places } = record(new RunQueue({ runsAtOnce: 1, maxWaiting: 9 }));
  const running = enter("a1");
  const waiting = [enter("b1"), enter("c1")];
  const gone = assert.rejects(enter("d1"), { code: "cancelled" });
  await running;
  abort("d1");
  await gone;
  await leave("a1");
  assert.deepEqual(places.get("b1"), [
    { position: 1, waiting: 1 },
    { position: 1, waiting: 2 },
    { position: 1, waiting: 3 },
    { position: 1, waiting: 2 },
  ]);
  assert.deepEqual(places.get("c1")?.at(-1), { position: 1, waiting: 1 });
  await leave("b1");
  await Promise.all(waiting);
});

Deno.test("a queue that is full refuses with a sentence for people", async () => {
  const { enter, leave } = record(new RunQueue({ runsAtOnce: 1, maxWaiting: 1 }));
  const all = [enter("a1"), enter("b1")];
  await assert.rejects(enter("c1"), { code: "rate_limited", message: /try again/ });
  await leave("a1");
  await leave("b1");
  await Promise.all(all);
});

Deno.test("a pod's limits narrow its own share and nobody else's", async () => {
  const queue = new RunQueue({ runsAtOnce: 3, maxWaiting: 9 });
  const { enter, leave, started } = record(queue);
  const narrow = { pod: "narrow", podLimits: { runsAtOnce: 1, queue: 1 } };
  const all = [enter("a1", narrow), enter("b1", narrow)];
  await assert.rejects(enter("c1", narrow), { code: "rate_limited" });
  await enter("d1", { pod: "other" });
  assert.deepEqual(started, ["a1", "d1"]);
  await leave("a1");
  await Promise.all(all);
  assert.deepEqual(started, ["a1", "d1", "b1"]);
});

Deno.test("a queue that one pod has filled up keeps no other pod from a free place", async () => {
  const { enter, leave, started } = record(new RunQueue({ runsAtOnce: 2, maxWaiting: 1 }));
  const narrow = { pod: "narrow", podLimits: { runsAtOnce: 1 } };
  const all = [enter("a1", narrow), enter("b1", narrow)];
  await enter("c1", { pod: "other" });
  await assert.rejects(enter("d1", { pod: "other" }), { code: "rate_limited" });
  assert.deepEqual(started, ["a1", "c1"]);
  await leave("a1");
  await Promise.all(all);
  assert.deepEqual(started, ["a1", "c1", "b1"]);
});

Deno.test("more places let those that wait begin; a place given back twice counts once", async () => {
  const queue = new RunQueue({ runsAtOnce: 1, maxWaiting: 9 });
  const { enter, leave, started } = record(queue);
  const all = [enter("a1"), enter("b1"), enter("c1")];
  queue.setRunsAtOnce(2);
  await all[1];
  assert.deepEqual(started, ["a1", "b1"]);
  await leave("a1");
  await leave("a1");
  await all[2];
  assert.equal(queue.running, 2);
});

Deno.test("a request that is aborted already never waits", () => {
  const queue = new RunQueue({ runsAtOnce: 1, maxWaiting: 9 });
  const signal = AbortSignal.abort();
  assert.throws(
    () => queue.enter({ visitor: "a", pod: "p", signal, onPlace: () => {} }),
    { code: "cancelled" },
  );
  assert.equal(queue.running, 0);
});

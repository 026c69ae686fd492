import assert from "node:assert/strict";
import { PieceMerger } from "../../../../src/host/model/piece_merger.ts";

function recorder() {
  const pieces: string[] = [];
  return {
    pieces,
    text: (delta: string) => void pieces.push(delta),
    reasoning: (delta: string) => void pieces.push(`(${delta})`),
  };
}

/** Settles in a later turn of the event loop: timers of one delay fire in their order. */
const laterTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** So many pieces that those after them, in the same turn, are merged. */
function beginBurst(merger: PieceMerger, sink: ReturnType<typeof recorder>): void {
  for (let i = 0; i < 32; i++) merger.text("x");
  assert.deepEqual(sink.pieces.splice(0), Array(32).fill("x"));
}

Deno.test("PieceMerger: a few pieces of a turn go out one by one, what follows them together", async () => {
  const sink = recorder();
  using merger = new PieceMerger(sink, () => 0);
  beginBurst(merger, sink);
  for (const piece of ["a", "b", "c"]) merger.text(piece);
  assert.deepEqual(sink.pieces, []);
  await laterTurn();
  assert.deepEqual(sink.pieces, ["abc"]);
});

Deno.test("PieceMerger: a while later pieces go out one by one again", () => {
  let now = 0;
  const sink = recorder();
  using merger = new PieceMerger(sink, () => now);
  beginBurst(merger, sink);
  now = 25;
  merger.text("a");
  merger.text("b");
  assert.deepEqual(sink.pieces, ["a", "b"]);
});

Deno.test("PieceMerger: a burst is merged eight at a time, so that it still shows as a stream", () => {
  const sink = recorder();
  using merger = new PieceMerger(sink, () => 0);
  for (let i = 0; i < 2_000; i++) merger.text("x");
  merger.flush();
  assert.ok(sink.pieces.length >= 250, `${sink.pieces.length} pieces`);
  assert.equal(sink.pieces.join(""), "x".repeat(2_000));
});

Deno.test("PieceMerger: text and reasoning are never merged, and keep their order", () => {
  const sink = recorder();
  using merger = new PieceMerger(sink, () => 0);
  beginBurst(merger, sink);
  merger.reasoning("r1");
  merger.reasoning("r2");
  merger.text("t1");
  merger.reasoning("");
  merger.text("t2");
  merger.reasoning("r3");
  merger.flush();
  assert.deepEqual(sink.pieces, ["(r1r2)", "t1t2", "(r3)"]);
});

Deno.test("PieceMerger: what is held back at its disposal is dropped, and no timer is left", async () => {
  const sink = recorder();
  {
    using merger = new PieceMerger(sink, () => 0);
    beginBurst(merger, sink);
    merger.text("a");
  }
  await laterTurn();
  assert.deepEqual(sink.pieces, []);
});

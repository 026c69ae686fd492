import { fc } from "../libraries/fast_check.ts";

/** How many inputs each property of the core gets; a long run sets more. */
const RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 2_000);

/** The same inputs each time, so that a run which fails can be repeated; a long run sets another. */
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 1);

/** Settings of every property of the core. */
export const SETTINGS: fc.Parameters<unknown> = { numRuns: RUNS, seed: SEED };

/** One change of some bytes; where it falls is a fraction of their length. */
type Change =
  | { kind: "flip"; at: number; bits: number }
  | { kind: "insert"; at: number; bytes: Uint8Array }
  | { kind: "remove"; at: number; count: number }
  | { kind: "copy"; at: number; from: number; count: number };

const at = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.integer({ min: 1, max: 40 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("flip"), at, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("insert"), at, bytes: fc.uint8Array({ maxLength: 20 }) }),
  fc.record({ kind: fc.constant("remove"), at, count }),
  fc.record({ kind: fc.constant("copy"), at, from: at, count }),
);

/** One of the samples with a few changes: what a cut, a slip or an attacker makes of it. */
export function mutated(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([sample, changes]) => changes.reduce(apply, sample));
}

function apply(bytes: Uint8Array, change: Change): Uint8Array {
  const place = (fraction: number) => Math.floor(fraction * bytes.length);
  const start = place(change.at);
  switch (change.kind) {
    case "flip":
      return bytes.map((byte, i) => i === start ? byte ^ change.bits : byte);
    case "insert":
      return spliced(bytes, start, 0, change.bytes);
    case "remove":
      return spliced(bytes, start, change.count, new Uint8Array(0));
    case "copy": {
      const from = place(change.from);
      return spliced(bytes, start, 0, bytes.subarray(from, from + change.count));
    }
  }
}

function spliced(
  bytes: Uint8Array,
  start: number,
  remove: number,
  insert: Uint8Array,
): Uint8Array {
  return Uint8Array.from([
    ...bytes.subarray(0, start),
    ...insert,
    ...bytes.subarray(start + remove),
  ]);
}

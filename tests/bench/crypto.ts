/**
 * How long each Ed25519 adapter takes to sign and verify a frame, and the core to open a manifest.
 * The median of some rounds, so that a machine which is busy for a moment does not show.
 *
 * @module
 */
import {
  type Ed25519,
  loadCore,
  nobleEd25519,
  wasmEd25519,
  webCryptoEd25519,
} from "../../src/core/mod.ts";
import { nodeEd25519 } from "../../src/core/native.ts";
import { fromBase64 } from "../../src/base/mod.ts";
import vectors from "../vectors/manifest.json" with { type: "json" };

/** Bytes of the signing text of a usual frame: one delta with its envelope. */
const FRAME_BYTES = 700;

/** Calls in a round; the clock is coarser than one call. */
const CALLS = 50;

const ROUNDS = 21;

/** Median microseconds of one call. */
async function microseconds(call: () => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = -2; round < ROUNDS; round++) { // the first two warm up
    const started = performance.now();
    for (let i = 0; i < CALLS; i++) {
      const result = call();
      if (result instanceof Promise) await result; // those that answer at once pay for no await
    }
    if (round >= 0) rounds.push((performance.now() - started) * 1_000 / CALLS);
  }
  rounds.sort((a, b) => a - b);
  return Math.round(rounds[ROUNDS >> 1] ?? NaN);
}

const started = performance.now();
const core = await loadCore();
const loadMs = performance.now() - started;

const adapters: (Ed25519 | undefined)[] = [
  nodeEd25519(),
  await webCryptoEd25519(),
  wasmEd25519(core),
  nobleEd25519(),
];
const frame = crypto.getRandomValues(new Uint8Array(FRAME_BYTES));
const seed = new Uint8Array(32).fill(1);
const rows: Record<string, Record<string, number>> = {};
for (const ed25519 of adapters) {
  if (ed25519 === undefined) continue;
  const key = await ed25519.signingKey(seed);
  const verifier = await ed25519.verifyingKey(key.publicKey);
  const signature = await key.sign(frame);
  rows[ed25519.name] = {
    [`sign ${FRAME_BYTES} bytes, us`]: await microseconds(() => key.sign(frame)),
    "verify, us": await microseconds(() => verifier.verify(frame, signature)),
    "new key, us": await microseconds(() => ed25519.generate()),
  };
}
console.table(rows);

const signed = fromBase64(vectors.cases.find(({ ok }) => ok)?.signed_b64 ?? "");
const manifest = await microseconds(() => core.verifyManifest(signed));
console.log(`core: loads in ${loadMs.toFixed(1)} ms, opens a manifest in ${manifest} us`);

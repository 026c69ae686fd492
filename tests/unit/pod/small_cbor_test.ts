import assert from "node:assert/strict";
import { decode } from "cborg";
import { fc } from "../../libraries/fast_check.ts";
import {
  encodeManifest,
  encodeManifestSmall,
  encodeSignedSmall,
  type JsonValue,
  signManifest,
} from "../../../src/pod/mod.ts";
import { anyJson, anyManifest, manifest, SEED } from "./samples.ts";

const RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 200);

function agree(value: JsonValue): void {
  const meant = manifest({ events: { on_run_started: [{ name: "x", value }] } });
  assert.deepEqual(encodeManifestSmall(meant), encodeManifest(meant), JSON.stringify(value));
}

Deno.test("encodeManifestSmall() gives the bytes of encodeManifest() for any manifest", () => {
  fc.assert(
    fc.property(anyManifest, (meant) => {
      assert.deepEqual(encodeManifestSmall(meant), encodeManifest(meant));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("encodeManifestSmall() gives the bytes of encodeManifest() for any value and number", () => {
  fc.assert(fc.property(anyJson, agree), { numRuns: RUNS });
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
  );
  fc.assert(fc.property(number, agree), { numRuns: 10 * RUNS });
});

Deno.test("encodeManifestSmall() agrees where the length of a number changes", () => {
  for (let exponent = -1074; exponent < 1024; exponent++) {
    for (const factor of [1, -1, 1.5, 1 + 2 ** -10, 1 + 2 ** -11, 1 + 2 ** -23, 1 + 2 ** -24]) {
      const value = factor * 2 ** exponent;
      if (Number.isFinite(value)) agree(value);
    }
  }
  for (const edge of [0, -0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]) {
    agree(edge);
    agree(-edge);
    agree(-edge - 1);
  }
  for (const length of [23, 24, 255, 256, 65535, 65536]) agree("x".repeat(length));
});

Deno.test("encodeSignedSmall() gives the bytes of signManifest()", async () => {
  for (const prompt of ["x", "x".repeat(300)]) {
    const signed = await signManifest(manifest({ system_prompt: prompt }), SEED);
    const { sig, payload } = decode(signed);
    assert.deepEqual(encodeSignedSmall(sig, payload), signed);
  }
});

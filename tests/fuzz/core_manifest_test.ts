import assert from "node:assert/strict";
import { decode, encode } from "cborg";
import { fc } from "../libraries/fast_check.ts";
import { loadCore } from "../../src/core/mod.ts";
import { CodedError, fromBase64, fromHex, toHex } from "../../src/base/mod.ts";
import vectors from "../vectors/manifest.json" with { type: "json" };
import { mutated, SETTINGS } from "./core_hostile.ts";

const core = await loadCore();
const seed = fromHex(vectors.owner.secretKey);

/** The signed manifests among the vectors that are good. */
const good = vectors.cases.filter(({ ok }) => ok).map(({ signed_b64 }) => fromBase64(signed_b64));

/** What is signed in them. */
const payloads = good.map((signed) => Uint8Array.from(decode(signed).payload));

/** The manifest as JSON text, or why it is refused; anything else that is thrown fails the test. */
function open(signed: Uint8Array): { json: string } | { reason: string } {
  try {
    return { json: JSON.stringify(core.verifyManifest(signed)) };
  } catch (error) {
    assert.ok(error instanceof CodedError, `${error} for ${toHex(signed)}`);
    assert.equal(error.code, "manifest_rejected", `${error.message} for ${toHex(signed)}`);
    return { reason: error.message };
  }
}

function sign(payload: Uint8Array): Uint8Array {
  return encode({ sig: core.sign(seed, payload), payload });
}

Deno.test("no random bytes are a manifest, and none stop the core", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
    assert.ok("reason" in open(bytes));
  });
  fc.assert(property, SETTINGS);
});

Deno.test("no change of a signed manifest changes what it says", () => {
  const said = good.map((signed) => JSON.stringify(core.verifyManifest(signed)));
  const property = fc.property(mutated(good), (signed) => {
    const result = open(signed);
    // A change of the envelope alone may leave the same manifest.
    if ("json" in result) assert.ok(said.includes(result.json));
  });
  fc.assert(property, SETTINGS);
});

Deno.test("a changed payload that is signed again gives JSON or a reason, whatever it is", () => {
  const verdicts = { opened: 0, refused: 0 };
  const property = fc.property(mutated(payloads), (payload) => {
    const result = open(sign(payload));
    verdicts["json" in result ? "opened" : "refused"]++;
  });
  fc.assert(property, SETTINGS);
  assert.ok(verdicts.opened > 0 && verdicts.refused > 0, "both happen");
});

Deno.test("every JSON value in a signed manifest comes out as it went in", () => {
  const manifest = core.verifyManifest(good[0] ?? assert.fail());
  assert.ok(typeof manifest === "object" && manifest !== null);
  const property = fc.property(fc.jsonValue({ maxDepth: 6 }), (any) => {
    const value: unknown = JSON.parse(JSON.stringify(any)); // JSON has no minus zero
    const events = { on_run_started: [{ name: "n", value }] };
    assert.deepEqual(core.verifyManifest(sign(encode({ ...manifest, events }))), {
      ...manifest,
      events,
    });
  });
  fc.assert(property, SETTINGS);
});

Deno.test("every double in a signed manifest is the same double afterwards", () => {
  const manifest = core.verifyManifest(good[0] ?? assert.fail());
  assert.ok(typeof manifest === "object" && manifest !== null);
  const doubles = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 });
  const property = fc.property(doubles, (value) => {
    const events = { on_run_started: [{ name: "n", value }] };
    const payload = encode({ ...manifest, events }, { float64: true });
    const { json } = Object.assign({ json: "" }, open(sign(payload)));
    const expected = value.map((double) => Object.is(double, -0) ? 0 : double); // as cborg writes it
    assert.deepEqual(JSON.parse(json).events.on_run_started[0].value, expected);
  });
  fc.assert(property, SETTINGS);
});

Deno.test("hostile manifests of the largest size are refused in little time", () => {
  const size = 256 * 1024;
  const repeated = (...unit: number[]) =>
    Uint8Array.from({ length: size }, (_, i) => unit[i % unit.length] ?? 0);
  const headed = (head: readonly number[], ...unit: number[]) => {
    const bytes = repeated(...unit);
    bytes.set(head);
    return bytes;
  };
  const largest = [
    repeated(0x81),
    repeated(0xa1, 0x60),
    headed([0x9a, 0, 3, 0xff, 0xfb], 0),
    headed([0xba, 0, 1, 0x55, 0x53], 0x61, 0x61, 0),
    headed([0x9a, 0, 0, 0x71, 0xc6], 0xfb, 0, 0, 0, 0, 0, 0, 0, 1),
  ];
  const started = performance.now(); // making them costs as much again
  for (const signed of largest) assert.ok("reason" in open(signed));
  assert.ok(performance.now() - started < 2_000);
});

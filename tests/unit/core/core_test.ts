import assert from "node:assert/strict";
import { type Core, instantiateCore, loadCore } from "../../../src/core/mod.ts";
import { CodedError, fromBase64, fromHex, toHex } from "../../../src/base/mod.ts";
import vectors from "../../vectors/manifest.json" with { type: "json" };
import { assertCode } from "./assert_code.ts";

const core: Core = await loadCore();

for (const { name, signed_b64, ok, manifest, why } of vectors.cases) {
  Deno.test(`manifest vector: ${name}`, () => {
    const signed = fromBase64(signed_b64);
    if (ok) {
      assert.deepEqual(core.verifyManifest(signed), manifest);
      return;
    }
    assert.throws(() => core.verifyManifest(signed), (error) => {
      assert.ok(error instanceof CodedError);
      assert.equal(error.code, "manifest_rejected");
      assert.ok(error.message.includes(why ?? assert.fail()), error.message);
      return true;
    });
  });
}

Deno.test("a manifest of a newer version is refused with the advice to update", () => {
  const newer = vectors.cases.find(({ name }) => name.includes("version 99")) ?? assert.fail();
  assert.throws(() => core.verifyManifest(fromBase64(newer.signed_b64)), /update gemmapod/);
});

Deno.test("a manifest larger than 256 KiB is refused, however large", () => {
  for (const bytes of [256 * 1024 + 1, 2 * 1024 * 1024]) {
    assertCode("manifest_rejected", () => core.verifyManifest(new Uint8Array(bytes)));
    assert.throws(() => core.verifyManifest(new Uint8Array(bytes)), /256 KiB/);
  }
});

Deno.test("the core signs and verifies like the owner of the vectors", () => {
  const seed = fromHex(vectors.owner.secretKey);
  assert.equal(toHex(core.publicKey(seed)), vectors.owner.publicKey);
  const message = new Uint8Array(700).fill(1);
  const signature = core.sign(seed, message);
  assert.equal(core.verify(core.publicKey(seed), message, signature), true);
  assert.equal(core.verify(core.publicKey(seed), message.fill(2), signature), false);
  assert.equal(core.verify(core.publicKey(seed), message, signature.subarray(1)), false);
});

Deno.test("keys of a wrong length are bad_key", () => {
  const empty = new Uint8Array(0);
  assertCode("bad_key", () => core.publicKey(new Uint8Array(31)));
  assertCode("bad_key", () => core.sign(new Uint8Array(33), empty));
  assertCode("bad_key", () => core.openKey(empty));
  assertCode("bad_key", () => core.verify(new Uint8Array(31), empty, new Uint8Array(64)));
  assertCode("bad_key", () => core.verify(new Uint8Array(32), empty, new Uint8Array(64)));
});

Deno.test("a message of more than 1 MiB is too_large, and the core goes on", () => {
  const seed = new Uint8Array(32);
  assertCode("too_large", () => core.sign(seed, new Uint8Array(1024 * 1024 + 1)));
  assert.equal(core.sign(seed, new Uint8Array(1024 * 1024 - 32)).length, 64);
});

Deno.test("an open key signs what its seed signs, until it is disposed of", () => {
  const seed = new Uint8Array(32).fill(7);
  const message = new Uint8Array([1, 2, 3]);
  const key = core.openKey(seed);
  assert.deepEqual(key.publicKey, core.publicKey(seed));
  assert.deepEqual(key.sign(message), core.sign(seed, message));
  key[Symbol.dispose]();
  assertCode("bad_key", () => key.sign(message));
});

Deno.test("a key that was disposed of twice does not close the one that took its place", () => {
  const key = core.openKey(new Uint8Array(32).fill(1));
  key[Symbol.dispose]();
  using other = core.openKey(new Uint8Array(32).fill(2));
  key[Symbol.dispose]();
  assert.equal(other.sign(new Uint8Array(1)).length, 64);
  assertCode("bad_key", () => key.sign(new Uint8Array(1)));
});

Deno.test("two cores do not share keys", async () => {
  const bytes = await Deno.readFile(new URL("../../../src/core/core.wasm", import.meta.url));
  const other = await instantiateCore(bytes);
  using one = core.openKey(new Uint8Array(32).fill(1));
  using two = other.openKey(new Uint8Array(32).fill(2));
  assert.notDeepEqual(one.sign(new Uint8Array(1)), two.sign(new Uint8Array(1)));
});

Deno.test("bytes that are not core.wasm are bad_core", async () => {
  await assert.rejects(instantiateCore(new Uint8Array([1, 2, 3])), { code: "bad_core" });
  const emptyModule = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  await assert.rejects(instantiateCore(emptyModule), { code: "bad_core" });
});

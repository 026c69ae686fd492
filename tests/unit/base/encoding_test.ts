import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { CodedError, fromBase64, fromHex, isHex, toBase64, toHex } from "../../../src/base/mod.ts";

Deno.test("hex: what toHex writes fromHex reads", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assert.deepEqual(fromHex(toHex(bytes)), bytes);
    assert.ok(isHex(toHex(bytes), bytes.length));
  }));
});

Deno.test("base64: what toBase64 writes fromBase64 reads, also beyond one chunk", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }));
  const large = new Uint8Array(0x8000 * 2 + 1).map((_, i) => i);
  assert.deepEqual(fromBase64(toBase64(large)), large);
});

Deno.test("fromHex() refuses odd lengths and other characters with bad_encoding", () => {
  for (const text of ["a", "zz", "0x12", "12 34"]) {
    assert.throws(() => fromHex(text), (e) => e instanceof CodedError && e.code === "bad_encoding");
  }
});

Deno.test("fromBase64() refuses other alphabets, white space and missing padding", () => {
  for (const text of ["a-_=", "YQ", "YQ= ", "Y===", "\n"]) {
    assert.throws(
      () => fromBase64(text),
      (e) => e instanceof CodedError && e.code === "bad_encoding",
      JSON.stringify(text),
    );
  }
});

Deno.test("isHex() wants lower case and the exact length", () => {
  assert.ok(isHex("00ff", 2));
  assert.ok(!isHex("00FF", 2));
  assert.ok(!isHex("00ff", 3));
});

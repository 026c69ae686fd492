import assert from "node:assert/strict";
import { inCanonicalOrder, signingText } from "../../../src/dartc/canonical.ts";
import { MAX_DEPTH } from "../../../src/dartc/limits.ts";

Deno.test("signingText() leaves the signature of the frame out, and only that one", () => {
  assert.equal(
    signingText({ signature: "x", payload: { signature: "y" } }),
    '{"payload":{"signature":"y"}}',
  );
});

Deno.test("signingText() drops members that are undefined", () => {
  assert.equal(signingText({ b: undefined, a: { c: undefined, d: 1 } }), '{"a":{"d":1}}');
});

Deno.test("signingText() puts integer-like keys first, in ascending order, up to 2^32 - 2", () => {
  const frame = JSON.parse('{"b":1,"4294967295":1,"10":1,"4294967294":1,"9":1,"01":1,"-1":1}');
  assert.equal(
    signingText(frame),
    '{"9":1,"10":1,"4294967294":1,"-1":1,"01":1,"4294967295":1,"b":1}',
  );
});

Deno.test("signingText() sorts by UTF-16 code unit, not by code point", () => {
  // U+1F355 begins with the unit D83C, which is before U+FF61.
  assert.equal(signingText({ "\uff61": 1, "\u{1f355}": 2 }), '{"\u{1f355}":2,"\uff61":1}');
});

Deno.test("signingText() refuses a __proto__ key at any depth, however it is escaped", () => {
  for (
    const text of [
      '{"__proto__":1}',
      '{"a":[{"b":{"__proto__":{"c":1}}}]}',
      '{"a":{"\\u005f_proto__":null}}',
    ]
  ) {
    assert.throws(() => signingText(JSON.parse(text)), { code: "invalid_frame" });
  }
  assert.equal(signingText({ a: "__proto__" }), '{"a":"__proto__"}');
});

Deno.test("signingText() refuses what nests too deep for a stack, and takes what does not", () => {
  const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  assert.equal(
    signingText({ a: nested(MAX_DEPTH) }).length,
    JSON.stringify({ a: nested(MAX_DEPTH) }).length,
  );
  assert.throws(() => signingText({ a: nested(MAX_DEPTH + 1) }), { code: "invalid_frame" });
  assert.throws(() => signingText({ a: nested(100_000) }), { code: "invalid_frame" });
});

Deno.test("signingText() prints dates and objects of classes as a reader will see them", () => {
  class Point {
    y = 1;
    x = new Date(0);
  }
  assert.equal(signingText({ a: new Point() }), '{"a":{"x":"1970-01-01T00:00:00.000Z","y":1}}');
});

Deno.test("inCanonicalOrder() copies nothing that is in order already", () => {
  const frame = { 1: "x", a: [{ b: 1, c: { d: 2 } }], e: null };
  assert.equal(inCanonicalOrder(frame), frame);
});

Deno.test("inCanonicalOrder() leaves what it was given as it was", () => {
  const frame = { b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 1 };
  const before = JSON.stringify(frame);
  inCanonicalOrder(frame);
  assert.equal(JSON.stringify(frame), before);
});

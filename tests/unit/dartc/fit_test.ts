import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { newestThatFit, splitText } from "../../../src/dartc/fit.ts";
import { isLongerThan, utf8Length } from "../../../src/dartc/utf8_length.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Any text, lone surrogates and control characters included. */
const anyText = fc.array(
  fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0x22, 0x5c, 0x41, 0xe9, 0xd83c, 0xdf55)),
  { maxLength: 60 },
).map((units) => String.fromCharCode(...units));

Deno.test("utf8Length() is the length of the encoded text", () => {
  fc.assert(fc.property(anyText, (text) => assert.equal(utf8Length(text), bytesOf(text))));
});

Deno.test("isLongerThan() is exact on both sides of the limit", () => {
  fc.assert(fc.property(anyText, fc.nat(200), (text, limit) => {
    assert.equal(isLongerThan(text, limit), bytesOf(text) > limit);
  }));
});

Deno.test("splitText() gives pieces that are the text, fit, and end between characters", () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 6, max: 80 }), (text, limit) => {
    const pieces = splitText(text, limit);
    assert.equal(pieces.join(""), text);
    for (const piece of pieces) {
      assert.ok(bytesOf(JSON.stringify(piece)) - 2 <= limit);
      assert.ok(piece !== "" || text === "");
    }
    if (text.isWellFormed()) assert.ok(pieces.every((piece) => piece.isWellFormed()));
  }));
});

Deno.test("newestThatFit() gives the longest end of a list whose JSON fits", () => {
  fc.assert(fc.property(fc.array(anyText), fc.nat(300), (items, limit) => {
    const newest = newestThatFit(items, limit);
    assert.deepEqual(newest, items.slice(items.length - newest.length));
    const size = (list: string[]) =>
      list.reduce((sum, item) => sum + bytesOf(JSON.stringify(item)) + 1, 0);
    assert.ok(size(newest) <= limit);
    if (newest.length < items.length) {
      assert.ok(size(items.slice(items.length - newest.length - 1)) > limit);
    }
  }));
});

import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { byteSearch } from "../../../src/pod/byte_search.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("byteSearch() finds each place of a needle, and no other", () => {
  const letters = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength });
  fc.assert(fc.property(letters(200), letters(5), fc.nat(220), (text, needle, from) => {
    assert.equal(byteSearch(bytesOf(needle))(bytesOf(text), from), indexOf(text, needle, from));
  }));
});

/** As of a string, which takes a start behind its end for the end. */
function indexOf(text: string, needle: string, from: number): number {
  return from > text.length ? -1 : text.indexOf(needle, from);
}

Deno.test("byteSearch() refuses to look for nothing", () => {
  assert.throws(() => byteSearch(new Uint8Array()), RangeError);
});

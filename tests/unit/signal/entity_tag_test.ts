import assert from "node:assert/strict";
import { etagOf, namedTag } from "../../../src/signal/http/entity_tag.ts";

const TAGS = [etagOf("abc", "br"), etagOf("abc", "identity")];

Deno.test("each coding of a page has a validator of its own", () => {
  assert.deepEqual(TAGS, ['"abc-br"', '"abc"']);
});

for (
  const [header, tag] of [
    [undefined, undefined],
    ["", undefined],
    ['"abc"', '"abc"'],
    ['W/"abc"', '"abc"'],
    ['"abc-br"', '"abc-br"'],
    ['"abc", "abc-br"', '"abc-br"'],
    ['"x,y" , "abc"', '"abc"'],
    ['"x","abc"', '"abc"'],
    ["*", '"abc-br"'],
    [" * ", '"abc-br"'],
    ["abc", undefined],
    ['"ABC"', undefined],
    ['"abc', undefined],
    ['"abcd"', undefined],
    ['"abc-gzip"', undefined],
    ['"*"', undefined],
  ] as const
) {
  Deno.test(`If-None-Match ${JSON.stringify(header)} names ${tag ?? "none"}`, () => {
    assert.equal(namedTag(TAGS, header), tag);
  });
}

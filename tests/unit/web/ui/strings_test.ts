import assert from "node:assert/strict";
import { english, fill, german, type Strings, stringsFor } from "../../../../web/ui/strings.ts";

/** A table's entries, as text. */
function entriesOf(table: Strings): [string, string][] {
  return Object.entries(table);
}

Deno.test("every table of strings has every sentence, and none is empty", () => {
  for (const table of [english, german]) {
    assert.deepEqual(Object.keys(table).sort(), Object.keys(english).sort());
    for (const [key, text] of entriesOf(table)) assert.ok(text.trim() !== "", key);
  }
});

Deno.test("a translated sentence fills in the same names as the English one", () => {
  const namesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
  const translated = new Map(entriesOf(german));
  for (const [key, text] of entriesOf(english)) {
    assert.deepEqual(namesIn(translated.get(key) ?? ""), namesIn(text), key);
  }
});

Deno.test("stringsFor() takes the first language that there is, and English when there is none", () => {
  assert.equal(stringsFor(["fr-CA", "de-AT", "en"]).send, german.send);
  assert.equal(stringsFor(["fr", "ja"]).language, "en");
  assert.equal(stringsFor([]).language, "en");
});

Deno.test("stringsFor() puts an embedder's sentences over the table", () => {
  const strings = stringsFor(["de"], { send: "Los" });
  assert.equal(strings.send, "Los");
  assert.equal(strings.stop, german.stop);
});

Deno.test("fill() puts values in, and never reads a value as a pattern", () => {
  assert.equal(fill("{a} and {b} and {c}", { a: "{b}", b: "$&" }), "{b} and $& and {c}");
});

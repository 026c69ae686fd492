import assert from "node:assert/strict";
import { counted, english, stringsFor } from "../../../../web/dashboard/strings.ts";
import { german } from "../../../../web/dashboard/strings_de.ts";

/** The names in braces of every sentence, by where it stands. */
function placeholders(table: object, path = ""): Record<string, string[]> {
  return Object.assign(
    {},
    ...Object.entries(table).map(([key, value]) =>
      typeof value === "string"
        ? { [path + key]: [...value.matchAll(/\{\w+\}/g)].map(([name]) => name).sort() }
        : placeholders(value, `${path}${key}.`)
    ),
  );
}

Deno.test("both languages say everything, with the same names to fill in", () => {
  assert.deepEqual(placeholders(german), placeholders(english));
});

Deno.test("the first language that there is is taken, else English", () => {
  assert.equal(stringsFor(["fr", "de-AT", "en"]).language, "de");
  assert.equal(stringsFor(["en-GB", "de"]).language, "en");
  assert.equal(stringsFor(["fr"]).language, "en");
});

Deno.test("a number chooses the form of its sentence", () => {
  assert.equal(counted(english.visitors, 1), "1 visitor");
  assert.equal(counted(german.running, 2), "2 Antworten laufen");
});

import assert from "node:assert/strict";
import { editDistance, nearestName } from "../../../src/pod/nearest_name.ts";

Deno.test("editDistance() counts insertions, deletions, replacements and swaps of neighbours", () => {
  assert.equal(editDistance("", ""), 0);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("abc", ""), 3);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("nmae", "name"), 1);
  assert.equal(editDistance("ca", "abc"), 3);
});

Deno.test("nearestName() finds the name that was meant", () => {
  const names = ["name", "model", "models", "system_prompt"];
  assert.equal(nearestName("nmae", names), "name");
  assert.equal(nearestName("Model", names), "model");
  assert.equal(nearestName("systemprompt", names), "system_prompt");
  assert.equal(nearestName("modls", names), "models");
});

Deno.test("nearestName() finds nothing for a word that is like none", () => {
  assert.equal(nearestName("colour", ["name", "model"]), undefined);
  assert.equal(nearestName("ab", ["xy"]), undefined);
  assert.equal(nearestName("anything", []), undefined);
});

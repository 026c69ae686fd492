import assert from "node:assert/strict";
import { topicMatches } from "../../../src/dartc/mod.ts";

Deno.test("topicMatches(): * matches all, a.b.* what begins with a.b., else equality", () => {
  const cases: [string, string, boolean][] = [
    ["*", "a", true],
    ["*", "", true],
    ["a.b.*", "a.b.c", true],
    ["a.b.*", "a.b.c.d", true],
    ["a.b.*", "a.b.", true],
    ["a.b.*", "a.b", false],
    ["a.b.*", "a.bc", false],
    ["a.b", "a.b", true],
    ["a.b", "a.b.c", false],
    ["a.*.c", "a.b.c", false],
    ["a*", "ab", false],
    ["", "", true],
  ];
  for (const [pattern, topic, matches] of cases) {
    assert.equal(topicMatches(pattern, topic), matches, `${pattern} ${topic}`);
  }
});

import assert from "node:assert/strict";
import { embedOf } from "../../../src/pack/embed.ts";

Deno.test("embedOf() lets no name out of its attribute", () => {
  const { iframe, element } = embedOf("https://p.example/a&b", 'A" onload="steal()<b>\n');
  assert.match(iframe, /^<iframe src="https:\/\/p\.example\/a&#38;b" title="[^"<>\n]*" style=/);
  assert.match(element, /<gemma-pod src="https:\/\/p\.example\/a&#38;b" mode="launcher">/);
});

import assert from "node:assert/strict";
import { agoText } from "../../../../web/dashboard/view/time.tsx";

Deno.test("times are told as people tell them", () => {
  const now = Date.UTC(2026, 5, 20, 12);
  const minute = 60_000;
  assert.equal(agoText(now + 500, now, "en"), "now");
  assert.equal(agoText(now - 5 * minute, now, "en"), "5 min. ago");
  assert.equal(agoText(now - 26 * 60 * minute, now, "en"), "yesterday");
  assert.equal(agoText(now - 3 * 60 * minute, now, "de"), "vor 3 Std.");
  assert.match(agoText(now - 30 * 24 * 60 * minute, now, "en"), /^May \d+, 2026$/);
});

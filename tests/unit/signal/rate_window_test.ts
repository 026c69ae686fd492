import assert from "node:assert/strict";
import { ADDRESSES_COUNTED } from "../../../src/signal/limits.ts";
import { RateWindow } from "../../../src/signal/rate_window.ts";

Deno.test("RateWindow allows so many within any window, and a refusal counts for nothing", () => {
  let now = 0;
  const window = new RateWindow(2, 1000, () => now);
  assert(window.take("a"));
  now = 600;
  assert(window.take("a"));
  assert(!window.take("a"));
  assert.equal(window.retryAfterS("a"), 1);
  assert(window.take("b"), "another key is not in it");
  now = 1000;
  assert(window.take("a"), "the first is out of the window");
  assert(!window.take("a"), "the second is not");
});

Deno.test("RateWindow counts nothing where there is no limit", () => {
  const window = new RateWindow(Infinity, 1000, () => 0);
  for (let i = 0; i < 1000; i++) assert(window.take("a"));
});

Deno.test("RateWindow keeps count of only so many keys", () => {
  const window = new RateWindow(1, 1000, () => 0);
  assert(window.take("first"));
  for (let i = 0; i < ADDRESSES_COUNTED; i++) window.take(`k${i}`);
  assert(window.take("first"), "the key seen longest ago is forgotten");
  assert(!window.take(`k${ADDRESSES_COUNTED - 1}`));
});

import assert from "node:assert/strict";
import { uuidv7 } from "../../../src/dartc/mod.ts";

Deno.test("uuidv7() has the time, the version and the variant of RFC 9562", () => {
  for (const now of [0, 1_770_000_000_000, 2 ** 48 - 1]) {
    const id = uuidv7(now);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(parseInt(id.slice(0, 8) + id.slice(9, 13), 16), now);
  }
});

Deno.test("uuidv7() gives no id twice", () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => uuidv7(0)));
  assert.equal(ids.size, 10_000);
});

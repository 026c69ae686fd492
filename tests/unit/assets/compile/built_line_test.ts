import assert from "node:assert/strict";
import { builtLine } from "../../../../src/assets/compile/built_line.ts";

Deno.test("the builder says how large a program is, and warns where it is more than 110 MB", () => {
  const path = "dist/bin/gemmapod";
  assert.equal(builtLine({ path, bytes: 108_274_368 }), "dist/bin/gemmapod  108.3 MB");
  assert.equal(builtLine({ path, bytes: 110_000_000 }), "dist/bin/gemmapod  110.0 MB");
  assert.equal(
    builtLine({ path, bytes: 112_300_000 }),
    "dist/bin/gemmapod  112.3 MB  warning: it should have 110.0 MB at most",
  );
});

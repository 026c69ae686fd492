import assert from "node:assert/strict";
import { withBundler } from "../../../src/assets/build/bundler.ts";
import { withConstantOptions } from "../../../src/assets/build/patch_library.ts";
import type { applyJsonPatch } from "../../../src/dartc/json_patch.ts";
import { assertHolds, patchCases } from "../dartc/json_patch_cases.ts";

Deno.test("bundled, applyJsonPatch() does what every case says, without the library's own checks", async () => {
  const entry = "src/dartc/json_patch.ts";
  let code = "";
  await withBundler([entry], async ({ bundle }) => {
    ({ code } = await bundle({ entry, format: "esm", define: {}, banner: "" }));
  });
  assert.ok(code.includes("TEST_OPERATION_FAILED"), "the library is not in the bundle");
  assert.ok(!code.includes("OPERATION_PATH_INVALID"), "its checks are");
  const bundled = await import(`data:text/javascript,${encodeURIComponent(code)}`) as {
    applyJsonPatch: typeof applyJsonPatch; // the entry exports it
  };
  for (const cases of Object.values(patchCases())) assertHolds(cases, bundled.applyJsonPatch);
  const failed = [{ op: "test", path: "/a", value: 2 }];
  assert.throws(() => bundled.applyJsonPatch({ a: 1 }, failed), {
    code: "bad_patch",
    message: "Cannot apply operation 0 (test /a): TEST_OPERATION_FAILED",
  });
});

Deno.test("another fast-json-patch than the known one is not read with constant options", () => {
  assert.throws(() => withConstantOptions("export function applyOperation() {}"), /as expected/);
});

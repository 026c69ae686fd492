import assert from "node:assert/strict";
import type { Bundle } from "../../../src/assets/build/bundle.ts";
import { withBundler } from "../../../src/assets/build/bundler.ts";
import { squeezed } from "../../../src/assets/build/squeeze.ts";
import type { applyJsonPatch } from "../../../src/dartc/json_patch.ts";
import { assertHolds, patchCases } from "../dartc/json_patch_cases.ts";

const BANNER = "/* GemmaPod (MIT); and so on */";

async function made(format: "iife" | "esm"): Promise<Bundle[]> {
  const entry = "src/dartc/json_patch.ts";
  const found: Bundle[] = [];
  await withBundler([entry], async ({ bundle }) => {
    const one = await bundle({ entry, format, define: {}, banner: BANNER });
    found.push(one, await squeezed(one, { format }), await squeezed(one, { format }));
  });
  return found;
}

Deno.test("squeezed, a module is smaller, does the same, and is the same each time", async () => {
  const [before, after, again] = await made("esm");
  assert.ok(before !== undefined && after !== undefined);
  assert.ok(after.code.length < before.code.length);
  assert.equal(again?.code, after.code);
  const module = await import(`data:text/javascript,${encodeURIComponent(after.code)}`) as {
    applyJsonPatch: typeof applyJsonPatch; // the entry exports it
  };
  for (const cases of Object.values(patchCases())) assertHolds(cases, module.applyJsonPatch);
});

Deno.test("squeezed, a script keeps its first line, its global and a map to the sources", async () => {
  const [, after] = await made("iife");
  assert.ok(after !== undefined);
  const [first, rest] = after.code.split("\n");
  assert.equal(first, BANNER);
  assert.match(rest ?? "", /^var GemmaPod=/);
  const map = JSON.parse(after.map) as { sources: string[]; sourcesContent: string[] };
  const index = map.sources.findIndex((path) => path.endsWith("src/dartc/json_patch.ts"));
  assert.match(map.sourcesContent[index] ?? "", /export function applyJsonPatch/);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { sourceStamp } from "../../../src/assets/native.ts";

/** A checkout with a file in each place that counts. */
async function checkout(): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "gemmapod-stamp-" });
  const files = [
    "web/ui/a.ts",
    "src/base/a.ts",
    "src/core/core.wasm",
    "src/dartc/a.ts",
    "src/pod/a.ts",
    "src/runtime/a.ts",
    "src/signaling/a.ts",
    "src/assets/build/a.ts",
    "src/host/a.ts",
    "core-rs/LICENCES.txt",
    "deno.json",
    "deno.lock",
  ];
  for (const file of files) {
    await Deno.mkdir(join(root, file, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, file), file);
  }
  return root;
}

Deno.test("the stamp changes with the content of every source, and with nothing else", async () => {
  const root = await checkout();
  try {
    const first = await sourceStamp(root);
    assert.match(first, /^[0-9a-f]{64}$/);
    await Deno.utime(join(root, "web/ui/a.ts"), 1, 1);
    await Deno.writeTextFile(join(root, "src/host/a.ts"), "the Host is in no bundle");
    await Deno.writeTextFile(join(root, "web/ui/.a.ts.swp"), "an editor's");
    assert.equal(await sourceStamp(root), first);

    for (const file of ["web/ui/a.ts", "src/core/core.wasm", "deno.lock"]) {
      const before = await sourceStamp(root);
      await Deno.writeTextFile(join(root, file), `${file}!`);
      assert.notEqual(await sourceStamp(root), before, file);
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("the stamp changes when a file is renamed", async () => {
  const root = await checkout();
  try {
    const before = await sourceStamp(root);
    await Deno.rename(join(root, "web/ui/a.ts"), join(root, "web/ui/b.ts"));
    assert.notEqual(await sourceStamp(root), before);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

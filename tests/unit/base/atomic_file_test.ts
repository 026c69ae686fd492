import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileAtomic } from "../../../src/base/native.ts";

Deno.test("writeFileAtomic() replaces a file whole, keeps it private and leaves nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "state.json");
    await writeFileAtomic(path, "old");
    await writeFileAtomic(path, new TextEncoder().encode("new"));
    assert.equal(await Deno.readTextFile(path), "new");
    if (Deno.build.os !== "windows") {
      assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    }
    assert.deepEqual((await Array.fromAsync(Deno.readDir(folder))).map((e) => e.name), [
      "state.json",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeFileAtomic() that fails tells the first error and leaves no temporary file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "taken", "inside"), { recursive: true });
    await assert.rejects(writeFileAtomic(join(folder, "taken"), "x"));
    assert.deepEqual((await Array.fromAsync(Deno.readDir(folder))).map((e) => e.name), ["taken"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

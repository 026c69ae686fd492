import assert from "node:assert/strict";
import { join } from "node:path";
import { PodTomlError } from "../../../src/pod/mod.ts";
import { readPodDir } from "../../../src/pod/native.ts";
import { podToml } from "./samples.ts";

Deno.test("readPodDir() reads a pod's folder without its key, and names the file in its errors", async () => {
  const dir = await Deno.makeTempDir({ prefix: "gemmapod-dir-" });
  try {
    await assert.rejects(readPodDir(dir), { code: "no_pod" });
    await assert.rejects(readPodDir(join(dir, "missing")), { code: "no_pod" });

    await Deno.writeTextFile(join(dir, "pod.toml"), podToml('[llm]\nmodell = "x"'));
    const read = await readPodDir(dir);
    assert.equal(read.pod.id, "hello-pod");
    assert.equal(read.ownerKeyPath, join(dir, "owner.key"));
    assert.equal(read.warnings[0]?.hint, "did you mean model?");

    await Deno.writeTextFile(join(dir, "pod.toml"), "name = 1");
    await assert.rejects(readPodDir(dir), (error) => {
      assert(error instanceof PodTomlError);
      assert(error.message.includes(`${join(dir, "pod.toml")}:1: name`), error.message);
      return true;
    });
    await assert.rejects(readPodDir(join(dir, "pod.toml")), { code: "no_pod" });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

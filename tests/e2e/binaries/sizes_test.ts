import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { BIN_DIST_DIR, SUMS_FILE } from "../../../src/assets/compile/build_programs.ts";
import { MOST_BYTES } from "../../../src/assets/compile/built_line.ts";
import { denoCompile } from "../../../src/assets/compile/deno_compile.ts";
import { ownTarget, TARGETS } from "../../../src/assets/compile/targets.ts";
import { toHex } from "../../../src/base/mod.ts";
import { run } from "../processes.ts";
import { tempFolder } from "../temp_folder.ts";
import { compiledPrograms } from "./compiled_programs.ts";

/**
 * What a program may add to Deno's own runtime, in bytes. That is 92.2 MB in Deno 2.6.10, and the
 * programs were 108.3, 93.7 and 93.0 MB with it when this was written.
 */
const ADDED_BYTES = { gemmapod: 17e6, signal: 2e6, pack: 1.5e6 } as const;

/** A runtime of this size leaves room for what is added; a later Deno's may be larger. */
const USUAL_RUNTIME_BYTES = 93e6;

/** The size of a program that does nothing. */
async function runtimeBytes(): Promise<number> {
  const own = ownTarget();
  assert.ok(own);
  await using folder = await tempFolder("bin-empty");
  await Deno.writeTextFile(join(folder.path, "empty.js"), "");
  const args = ["--no-config", "--output", "empty", "empty.js"];
  assert.equal(await denoCompile(TARGETS[own], args, folder.path), undefined);
  return (await Deno.stat(join(folder.path, `empty${TARGETS[own].suffix}`))).size;
}

Deno.test("a program adds little to Deno's runtime, and has less than 110 MB", async () => {
  const programs = await compiledPrograms();
  const floor = await runtimeBytes();
  for (const [name, most] of Object.entries(ADDED_BYTES)) {
    const [path = ""] = programs[name as keyof typeof ADDED_BYTES]; // its own keys
    const { size } = await Deno.stat(path);
    assert.ok(size - floor < most, `${name} has ${size} bytes, ${size - floor} more than Deno`);
    if (floor <= USUAL_RUNTIME_BYTES) assert.ok(size < MOST_BYTES, `${name} has ${size} bytes`);
  }
});

Deno.test("the sums beside the programs are theirs", async () => {
  const programs = await compiledPrograms();
  const sums = await Deno.readTextFile(join(BIN_DIST_DIR, SUMS_FILE));
  const expected = await Promise.all(
    Object.values(programs).map(async ([path = ""]) => {
      const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
      return `${toHex(new Uint8Array(digest))}  ${basename(path)}`;
    }),
  );
  assert.deepEqual(sums.trim().split("\n").toSorted(), expected.toSorted());
});

Deno.test("the builder says what is wrong with a target, and does nothing", async () => {
  const build = [Deno.execPath(), "run", "-A", "--quiet", "build.ts", "bin", "--target", "amiga"];
  await assert.rejects(
    run(build, { cwd: join(BIN_DIST_DIR, "..", "..") }),
    /exit code 2[^]*"amiga"/,
  );
});

Deno.test("the builder says what is missing where deno compile has no runtime, and how to get it", async () => {
  const build = [Deno.execPath(), "run", "-A", "--quiet", "build.ts", "bin"];
  const env = { ...Deno.env.toObject(), DENO_COMPILE: "/bin/false" };
  await assert.rejects(
    run(build, { cwd: join(BIN_DIST_DIR, "..", ".."), env }),
    /exit code 1[^]*there is no denort\. To go on, give `deno compile` its runtime/,
  );
});

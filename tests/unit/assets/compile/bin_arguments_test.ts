import assert from "node:assert/strict";
import { join } from "node:path";
import { readBinArguments } from "../../../../src/assets/compile/bin_arguments.ts";
import { BIN_DIST_DIR } from "../../../../src/assets/compile/build_programs.ts";
import { ownTarget, TARGET_NAMES } from "../../../../src/assets/compile/targets.ts";
import { CodedError } from "../../../../src/base/mod.ts";

Deno.test("without a target it is this machine's, in the folder itself", () => {
  assert.deepEqual(readBinArguments([]), {
    when: "always",
    wanted: [{ target: ownTarget(), folder: BIN_DIST_DIR }],
  });
});

Deno.test("a target is built into a folder of its name", () => {
  const wanted = [{ target: "macos-arm64", folder: join(BIN_DIST_DIR, "macos-arm64") }];
  assert.deepEqual(readBinArguments(["--target", "macos-arm64"]).wanted, wanted);
  assert.deepEqual(readBinArguments(["--target=macos-arm64", "--if-old"]), {
    when: "if_old",
    wanted,
  });
});

Deno.test("all targets are those of a release", () => {
  const { wanted } = readBinArguments(["--target", "all"]);
  assert.deepEqual(wanted.map(({ target }) => target), TARGET_NAMES);
});

Deno.test("what is unknown is named, with what is known", () => {
  for (const args of [["--target", "beos-m68k"], ["--target"], ["--traget", "all"]]) {
    assert.throws(
      () => readBinArguments(args),
      (error) =>
        error instanceof CodedError && error.code === "bad_arguments" &&
        /linux-x64\|.*\|all$/.test(error.message),
    );
  }
});

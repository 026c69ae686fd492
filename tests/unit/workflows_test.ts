import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT_DIR } from "../../src/assets/native.ts";
import { TARGET_NAMES } from "../../src/assets/compile/targets.ts";
import { findActionlint } from "../runner/actionlint.ts";

const FOLDER = join(ROOT_DIR, ".github", "workflows");

async function workflows(): Promise<Record<string, string>> {
  const names = (await Array.fromAsync(Deno.readDir(FOLDER))).map(({ name }) => name);
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await Deno.readTextFile(join(FOLDER, name))]),
    ),
  );
}

Deno.test("a workflow names actions by commit, and may no more than read unless a job says why", async () => {
  for (const [name, text] of Object.entries(await workflows())) {
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action = ""]) => action)
      .filter((action) => !action.startsWith("./"));
    for (const action of actions) assert.match(action, /@[0-9a-f]{40}$/, name);
    assert.match(text, /^permissions:\n {2}contents: read$/m, name);
  }
});

Deno.test("a release builds every platform", async () => {
  const { "release.yml": release = "" } = await workflows();
  const built = [...release.matchAll(/target: ([\w-]+)/g)].map(([, target]) => target);
  assert.deepEqual(built.toSorted(), TARGET_NAMES.toSorted());
});

Deno.test("every platform's programs are started on it, in CI and before a release", async () => {
  const { "ci.yml": ci = "", "release.yml": release = "" } = await workflows();
  const runners = [...release.matchAll(/target: [\w-]+, os: ([\w.-]+)/g)].map(([, os]) => os);
  assert.equal(runners.length, TARGET_NAMES.length);
  const tried = /^ {8}os: \[(.*)\]$/m.exec(ci)?.[1]?.split(", ") ?? [];
  assert.deepEqual([...tried, "ubuntu-24.04"].sort(), runners.sort()); // that one runs all tests
  assert.match(
    ci,
    /build bin\n {6}- run: for program in .*; do "dist\/bin\/\$program" --version; done/,
  );
  assert.match(release, /"dist\/bin\/\$TARGET\/\$program\$SUFFIX" --version/);
});

Deno.test("a tag publishes the programs and the package, their sums, and where they come from", async () => {
  const { "release.yml": release = "" } = await workflows();
  for (
    const part of [
      /^on:\n {2}push:\n {4}tags: \["v\*"\]$/m,
      /^ {2}publish:\n {4}needs: \[build, package\]$/m,
      /run: mkdir release && npm pack --pack-destination release \.\/dist\/npm$/m,
      /run: sh src\/cli\/service\/release\.sh "\$GITHUB_REF_NAME" release$/m,
      /uses: actions\/attest-build-provenance@.*\n {8}with:\n {10}subject-checksums: release\/SHA256SUMS$/m,
      /attestations: write$/m,
      /run: gh release create "\$GITHUB_REF_NAME" --verify-tag --generate-notes release\/\*$/m,
      /npm@11 publish --provenance --access public \.\/gemmapod-embed-\*\.tgz$/m,
    ]
  ) assert.match(release, part);
});

Deno.test("actionlint finds nothing in the workflows", async () => {
  const [command, ...args] = await findActionlint() ?? [];
  if (command === undefined) return; // the test command says so, and fails in CI
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args, "-no-color"],
    cwd: ROOT_DIR,
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stdout) + decoder.decode(stderr));
});

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import {
  fencesOf,
  inlineCommands,
  isCommand,
  otherFences,
  readmes,
  shellBlocks,
} from "./readme_text.ts";

/** What else is behind fences, and the test that tries it. */
const SAMPLES: Readonly<Record<string, string>> = {
  "ts tools": "tests/e2e/readme/samples_test.ts",
  "ts embed": "tests/e2e/readme/samples_test.ts",
  "txt log": "tests/e2e/readme/samples_test.ts",
  "html script-tag": "tests/e2e/browser/npm_package_test.ts",
  "html element": "tests/e2e/browser/pod_element_test.ts",
  "ts npm": "tests/e2e/browser/npm_package_test.ts",
  "ts headless": "tests/e2e/browser/npm_package_test.ts",
  "tsx react": "tests/e2e/browser/npm_package_test.ts",
  "txt csp": "tests/e2e/browser/npm_package_test.ts",
};

Deno.test("commands are read without comments, and continued lines as one", () => {
  assert.deepEqual(
    shellBlocks("a\n```sh\n# why\none --x  # two\nthree \\\n  four\n```\n```ts\nx\n```\n"),
    [["one --x", "three    four"]],
  );
});

Deno.test("a block counts wherever it stands, whatever its shell is called", () => {
  const text =
    "1. so\n\n   ```console\n   $ one\n   ```\n\n~~~\ntwo\n~~~\n\n> ````bash\n> three\n> ````\n";
  assert.deepEqual(shellBlocks(text), [["one"], ["two"], ["three"]]);
});

Deno.test("a sentence's commands are those that call a program with something", () => {
  const text =
    'Say `gemmapod run my-pod`, or\n`sqlite3 a.db\n".backup b.db"`, not `gemmapod`, `--json` ' +
    "or `status` `4`; ``npm i `x` `` too.\n```sh\ngemmapod inside\n```\n";
  assert.deepEqual(inlineCommands(text), [
    "gemmapod run my-pod",
    'sqlite3 a.db ".backup b.db"',
    "npm i `x`",
  ]);
});

Deno.test("every other block of a README has a name, a test that tries it, and no command", async () => {
  const named = new Set<string>();
  for (const [readme, text] of await readmes()) {
    for (const { info, code } of otherFences(text)) {
      const by = SAMPLES[info];
      assert.ok(by !== undefined, `${readme}: nothing tries the block \`${info}\``);
      assert.deepEqual(code.split("\n").map((line) => line.trim()).filter(isCommand), [], readme);
      assert.ok((await Deno.readTextFile(join(ROOT_DIR, by))).includes(`"${info.split(" ")[1]}"`));
      named.add(info);
    }
  }
  assert.deepEqual([...named].sort(), Object.keys(SAMPLES).sort());
});

Deno.test("each fence of a README is closed", async () => {
  for (const [readme, text] of await readmes()) {
    const fences = text.match(/^[ >]*(?:```|~~~)/gm)?.length ?? 0;
    assert.equal(fences, 2 * fencesOf(text).length, readme);
  }
});

Deno.test("a file or link that a README names is there", async () => {
  const files = await Array.fromAsync(filesBelow("."));
  for (const [readme, text] of await readmes()) {
    if (readme.startsWith("src/pack/templates/")) continue; // of a pod's folder
    const room = dirname(readme);
    for (const [, link = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      await Deno.stat(join(ROOT_DIR, room, link));
    }
    const named = [...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:tsx?|sh|cjs|yml))`/g)]
      .map(([, path = ""]) => path).filter((path) => !OF_PODS.has(path));
    for (const path of named) {
      const found = files.includes(path) ||
        files.some((file) =>
          (room === "." || file.startsWith(`${room}/`)) && file.endsWith(`/${path}`)
        );
      assert.ok(found, `${readme} names ${path}`);
    }
  }
});

/** Files of a pod's folder, which READMEs name, too. */
const OF_PODS: ReadonlySet<string> = new Set(["tools.ts", "tools.js"]);

/** The paths of the files of the checkout, with forward slashes. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT_DIR, folder))) {
    const path = folder === "." ? name : `${folder}/${name}`;
    if (!isDirectory) yield path;
    else if (!["dist", "target", "node_modules", ".git"].includes(name)) yield* filesBelow(path);
  }
}

import assert from "node:assert/strict";
import { TEMPLATE_NAMES } from "../../../src/pack/template_names.ts";
import { readmePlace } from "./readme_place.ts";
import { readmeBlocks, type ShellBlock, shellBlocks } from "./shell_blocks.ts";
import { STAND_INS } from "./stand_ins.ts";

const TEMPLATE = /^src\/pack\/templates\/([\w-]+)\/README\.md$/;

/** A block with the stand-ins in their places. */
function runnable(block: ShellBlock): string[] {
  return block.flatMap((line) => {
    const standIn = STAND_INS.find((one) => one.line.test(line));
    if (standIn === undefined) return [line];
    return standIn.instead === undefined ? [] : [line.replace(standIn.line, standIn.instead)];
  });
}

for (const [readme, blocks] of await readmeBlocks()) {
  const template = TEMPLATE.exec(readme)?.[1];
  Deno.test(`every command of ${readme} runs`, async () => {
    await using place = await readmePlace();
    if (template !== undefined) {
      await place.run([
        `gemmapod init pod --template ${template} --broker "$BROKER"`,
        'for file in pod/*.toml pod/*.json; do [ ! -f "$file" ] || edit "$file"; done',
      ]);
    }
    for (const block of blocks) await place.run(runnable(block), template && "pod");
  });
}

Deno.test("each template has a README, with commands", async () => {
  const templates = [...(await readmeBlocks()).keys()].flatMap((path) =>
    TEMPLATE.exec(path)?.[1] ?? []
  );
  assert.deepEqual(templates.toSorted(), TEMPLATE_NAMES.toSorted());
});

Deno.test("what is not run as it stands", async (test) => {
  const lines = [...(await readmeBlocks()).values()].flat(2);
  for (const { line, why, instead } of STAND_INS) {
    const [found] = lines.filter((one) => line.test(one));
    await test.step(`${instead === undefined ? "left out" : "changed"} (${why}): ${found}`, () => {
      assert.ok(found !== undefined, `no README has ${line}`);
    });
  }
});

Deno.test("commands are read without comments, and continued lines as one", () => {
  assert.deepEqual(
    shellBlocks("a\n```sh\n# why\none --x  # two\nthree \\\n  four\n```\n```ts\nx\n```\n"),
    [
      ["one --x", "three    four"],
    ],
  );
});

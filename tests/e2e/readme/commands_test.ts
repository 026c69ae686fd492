import assert from "node:assert/strict";
import { join } from "node:path";
import { TEMPLATE_NAMES } from "../../../src/pack/template_names.ts";
import { ROOT_DIR } from "../../../src/assets/native.ts";
import { readmePlace } from "./readme_place.ts";
import { inlineCommands, readmes, type ShellBlock, shellBlocks } from "./readme_text.ts";
import { runnable, STAND_INS } from "./stand_ins.ts";

const TEMPLATE = /^src\/pack\/templates\/([\w-]+)\/README\.md$/;

const texts = await readmes();

/** The commands of all blocks; what a sentence says of one of them is run there. */
const inBlocks = [...texts.values()].flatMap(shellBlocks).flat();

/** The same, as they are called where Deno is installed. */
const called = inBlocks.map((line) => line.replace(/^npx -y deno@\S+/, "deno"));

/** The commands of a text's sentences that no block has, to be run one after the other. */
function sentencesOf(text: string): ShellBlock {
  return inlineCommands(text).filter((command) =>
    !called.some((line) => `${line} `.startsWith(`${command} `))
  );
}

/** What a reader of a README has before they begin. */
function prepared(readme: string): ShellBlock {
  const template = TEMPLATE.exec(readme)?.[1];
  if (template !== undefined) {
    return [
      `gemmapod init pod --template ${template} --broker "$BROKER"`,
      'for file in pod/*.toml pod/*.json; do [ ! -f "$file" ] || edit "$file"; done',
    ];
  }
  // Of the first README, making a pod is a part.
  return readme === "README.md" ? [] : ['gemmapod init my-pod --template blank --broker "$BROKER"'];
}

for (const [readme, text] of texts) {
  const blocks = [...shellBlocks(text), sentencesOf(text)].filter(({ length }) => length > 0);
  if (blocks.length === 0) continue;
  Deno.test(`every command of ${readme} runs`, async () => {
    await using place = await readmePlace();
    await place.run(prepared(readme));
    const below = TEMPLATE.test(readme) ? "pod" : ".";
    for (const block of blocks) await place.run(block.flatMap(runnable), below);
  });
}

Deno.test("each template has a README, with commands", () => {
  const templates = [...texts].filter(([, text]) => shellBlocks(text).length > 0)
    .flatMap(([path]) => TEMPLATE.exec(path)?.[1] ?? []);
  assert.deepEqual(templates.toSorted(), TEMPLATE_NAMES.toSorted());
});

Deno.test("what is not run as it stands", async (test) => {
  const lines = [...inBlocks, ...[...texts.values()].flatMap(inlineCommands)];
  for (const { line, why, instead, test: by } of STAND_INS) {
    const [found] = lines.filter((one) => line.test(one));
    await test.step(`${instead === undefined ? "left out" : "changed"} (${why}): ${found}`, async () => {
      assert.ok(found !== undefined, `no README has ${line}`);
      if (by !== undefined) assert.ok((await Deno.stat(join(ROOT_DIR, by))).isFile);
    });
  }
});

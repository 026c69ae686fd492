import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { loadOwnerTools } from "../../../../src/host/tools/owner_tools.ts";

/** What comes of a pod's folder with these files. */
async function load(files: Record<string, string>) {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(dir, name)), { recursive: true });
      await Deno.writeTextFile(join(dir, name), text);
    }
    const { tools, problems } = await loadOwnerTools(dir);
    return { tools, problems: problems.map((problem) => problem.replaceAll(dir, "POD")) };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("loadOwnerTools: a folder without a file has no tools", async () => {
  assert.deepEqual(await load({}), { tools: {}, problems: [] });
});

Deno.test("loadOwnerTools: TypeScript, our ai and zod, files beside it, and where it is", async () => {
  const { tools, problems } = await load({
    "tools.ts": `
      import { tool } from "ai";
      import { z } from 'zod';
      import type { Place } from "./lib/places.ts";
      import { places } from "./lib/places.ts";
      import prices from "./prices.json" with { type: "json" };
      const where: string = import.meta.dirname!;
      export default {
        find: tool({
          description: "Finds.",
          inputSchema: z.object({ n: z.number() }),
          execute: async ({ n }) => ({
            place: places[n] as Place,
            prices,
            here: where === import.meta.dirname && import.meta.url.endsWith("/tools.ts"),
            late: (await import("./lib/names.js")).name,
          }),
        }),
      };`,
    "lib/places.ts": `
      import { name } from "./names.js";
      export interface Place { name: string }
      export const places: Place[] = [{ name: "Rome" satisfies string }, { name }];`,
    "lib/names.js": `export const name = "Oslo";`,
    "prices.json": `{"tea":1}`,
  });
  assert.deepEqual(problems, []);
  const { find } = tools as Record<string, { execute(input: unknown): Promise<unknown> }>;
  assert.deepEqual(await find?.execute({ n: 1 }), {
    place: { name: "Oslo" },
    prices: { tea: 1 },
    here: true,
    late: "Oslo",
  });
});

Deno.test("loadOwnerTools: an edited file is loaded anew", async () => {
  assert.deepEqual((await load({ "tools.js": "export default { a: 1 };" })).tools, { a: 1 });
  assert.deepEqual((await load({ "tools.js": "export default { b: 2 };" })).tools, { b: 2 });
});

Deno.test("loadOwnerTools: tools.ts counts where there are both, and that is said", async () => {
  const { tools, problems } = await load({
    "tools.ts": "export default { a: 1 as number };",
    "tools.js": "export default { b: 2 };",
  });
  assert.deepEqual(tools, { a: 1 });
  assert.deepEqual(problems, ["POD/tools.js is not read: POD/tools.ts is"]);
});

Deno.test("loadOwnerTools: what is wrong is said with its file and line, and nothing is thrown", async () => {
  for (
    const [files, expected] of [
      [{ "tools.ts": "const a = 1;\nenum B { C }\n" }, /^Cannot load POD\/tools\.ts:2:1: .*enum/],
      [{ "tools.ts": "const a = 1;\n\nconst = 3;" }, /^Cannot load POD\/tools\.ts:3:7: /],
      [{ "tools.js": "const a = 1;\nconst b = ;" }, /^Cannot load POD\/tools\.js:2: /],
      [{ "tools.js": "export default {" }, /^Cannot load POD\/tools\.js/],
      [{ "tools.ts": 'const a = 1;\n\nthrow new Error("no key");' }, /tools\.ts:3: no key$/],
      [{ "tools.ts": 'import x from "lodash-of-nobody";' }, /tools\.ts.*lodash-of-nobody/],
      [{ "tools.ts": 'import { Nope } from "ai";' }, /tools\.ts:1: .*Nope/],
      [{ "tools.ts": 'import "./gone.ts";' }, /^Cannot load POD\/gone\.ts: there is no such file$/],
      [{ "tools.ts": 'import "./a.ts";', "a.ts": 'import "./tools.ts";' }, /imports itself/],
      [{ "tools.ts": 'import "./a.ts";', "a.ts": "\n\nnull.x;" }, /tools\.ts|a\.ts/],
      [{ "tools.ts": "export const a = 1;" }, /its default export is no object/],
      [{ "tools.ts": "export default [];" }, /its default export is no object/],
    ] as const
  ) {
    const { tools, problems } = await load(files);
    assert.deepEqual(tools, {});
    assert.match(problems.join("\n"), expected);
    assert.ok(!problems.some((problem) => /base64/.test(problem) || problem.includes("\u001b")));
  }
});

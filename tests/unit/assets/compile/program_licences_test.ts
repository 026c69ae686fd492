import assert from "node:assert/strict";
import { join } from "node:path";
import { licencesOfPrograms } from "../../../../src/assets/compile/program_licences.ts";

Deno.test("a program's licences are ours, those of its packages, and those of the WASM core", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-licences-" });
  try {
    const free = join(folder, "@scope", "free", "1.2.3");
    const silent = join(folder, "silent", "4.5.6-beta.1");
    for (const dir of [free, silent]) await Deno.mkdir(join(dir, "lib"), { recursive: true });
    await Deno.writeTextFile(join(free, "LICENSE.md"), "Copyright (c) Somebody Free");
    const described = { license: "Apache-2.0", homepage: "https://silent.example" };
    await Deno.writeTextFile(join(silent, "package.json"), JSON.stringify(described));

    const text = await licencesOfPrograms([
      "src/base/mod.ts",
      join(free, "lib", "a.js"),
      join(free, "lib", "b.js"),
      join(silent, "lib", "index.js"),
    ]);
    assert.match(text, /^MIT License/);
    assert.equal(text.split("@scope/free 1.2.3\n\nCopyright (c) Somebody Free").length, 2);
    assert.match(text, /^silent 4\.5\.6-beta\.1\n\nApache-2\.0 https:\/\/silent\.example$/m);
    assert.match(text, /curve25519-dalek/);
    assert.ok(text.indexOf("@scope/free") < text.indexOf("silent 4.5.6"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a package that names no licence is not shipped", async () => {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-licences-" });
  try {
    const dir = join(folder, "nameless", "1.0.0");
    await Deno.mkdir(dir, { recursive: true });
    await Deno.writeTextFile(join(dir, "package.json"), "{}");
    await assert.rejects(licencesOfPrograms([join(dir, "index.js")]), /Cannot find the licence/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

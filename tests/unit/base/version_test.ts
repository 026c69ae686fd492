import assert from "node:assert/strict";
import config from "../../../deno.json" with { type: "json" };
import { VERSION } from "../../../src/base/mod.ts";

Deno.test("VERSION is the version of deno.json", () => {
  assert.equal(VERSION, config.version);
});

Deno.test("the README and CI name one and the same Deno", async () => {
  const root = new URL("../../../", import.meta.url);
  const texts = await Promise.all(
    ["README.md", ".ci/run"].map((path) => Deno.readTextFile(new URL(path, root))),
  );
  const versions = texts.flatMap((text) => [...text.matchAll(/deno@(\S+)/g)].map(([, v]) => v));
  assert.ok(versions.length >= 4);
  assert.equal(new Set(versions).size, 1, versions.join(" "));
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { keepableUrl, missingFlags } from "../../../../src/cli/create/answers.ts";
import { readDraft, removeDraft, writeDraft } from "../../../../src/cli/create/draft.ts";
import { tempFolder } from "../../../e2e/temp_folder.ts";

Deno.test("a draft is kept for its owner alone, and forgotten once", async () => {
  await using folder = await tempFolder("draft");
  const path = join(folder.path, "home", "create.json");
  assert.equal(await readDraft(path), undefined);
  const draft = { version: 1 as const, answers: { name: "Ada", run: "here" as const }, made: true };
  await writeDraft(draft, path);
  assert.deepEqual(await readDraft(path), draft);
  if (Deno.build.os !== "windows") {
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  }
  await removeDraft(path);
  await removeDraft(path);
  assert.equal(await readDraft(path), undefined);
});

Deno.test("a draft that cannot be read is none", async () => {
  await using folder = await tempFolder("draft");
  const path = join(folder.path, "create.json");
  for (
    const text of ["", "{", '{"version":2,"answers":{}}', '{"version":1,"answers":{"name":1}}']
  ) {
    await Deno.writeTextFile(path, text);
    assert.equal(await readDraft(path), undefined);
  }
});

Deno.test("missing flags are those that have no default without --yes", () => {
  assert.deepEqual(missingFlags({}), [
    "--name",
    "--template",
    "--dir",
    "--model (or --provider demo)",
    "--broker",
  ]);
  const model = { kind: "demo" } as const;
  assert.deepEqual(
    missingFlags({ name: "x", template: "card", dir: "/x", model, broker: "https://x.example" }),
    [],
  );
});

Deno.test("an endpoint's address with a password is not kept, nor shown", () => {
  assert.equal(keepableUrl("localhost:8080/"), "http://localhost:8080");
  assert.throws(() => keepableUrl("http://me:hidden@box"), (error) => {
    assert(error instanceof Error && !error.message.includes("hidden"));
    return /GEMMAPOD_API_KEY/.test(error.message);
  });
});

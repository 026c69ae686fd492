import assert from "node:assert/strict";
import { join } from "node:path";
import {
  noteRun,
  readLibrary,
  type SavedPod,
  savedPodNamed,
  writeLibrary,
} from "../../../src/cli/pod_library.ts";

function saved(slug: string, more: Partial<SavedPod> = {}): SavedPod {
  return {
    name: slug.toUpperCase(),
    slug,
    dir: `/pods/${slug}`,
    provider: null,
    providerUrl: null,
    model: null,
    hasApiKey: false,
    addedAt: "2026-01-01T00:00:00.000Z",
    lastRunAt: null,
    ...more,
  };
}

async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(join(folder, "home", "agents.json"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the saved library: what is written is read back, by its owner alone", () =>
  inFolder(async (path) => {
    assert.deepEqual(await readLibrary(path), []);
    await writeLibrary([saved("one"), saved("two")], path);
    assert.deepEqual(await readLibrary(path), [saved("one"), saved("two")]);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o077, 0);
  }));

Deno.test("the saved library: keys of other writers stay, keys that are missing have defaults", () =>
  inFolder(async (path) => {
    await writeLibrary([], path);
    const other = { name: "A", slug: "a", dir: "/pods/a", addedAt: "2026", colour: "red" };
    await Deno.writeTextFile(path, JSON.stringify({ version: 1, agents: [other] }));
    await noteRun("/pods/a", path);
    const [pod] = await readLibrary(path);
    assert.equal(pod?.colour, "red");
    assert.equal(pod?.model, null);
    assert.match(pod?.lastRunAt ?? "", /^\d{4}-\d\d-\d\dT/);
  }));

Deno.test("the saved library: a file that is none is refused, and never written over by a run", () =>
  inFolder(async (path) => {
    await writeLibrary([], path);
    for (const text of ["no json", `{"version":2,"agents":[]}`, `{"version":1,"agents":[{}]}`]) {
      await Deno.writeTextFile(path, text);
      await assert.rejects(readLibrary(path), { code: "bad_library" });
      await noteRun("/pods/a", path);
      assert.equal(await Deno.readTextFile(path), text);
    }
  }));

Deno.test("the saved library: a pod is found by its slug, else by its name", () => {
  const pods = [saved("shop", { name: "card" }), saved("card")];
  assert.equal(savedPodNamed(pods, "card")?.slug, "card");
  assert.equal(savedPodNamed(pods, "CARD")?.slug, "card");
  assert.equal(savedPodNamed(pods, "nobody"), undefined);
});

import assert from "node:assert/strict";
import { readPackedPage } from "../../../src/pod/mod.ts";
import { buildPod, inspectPage, keygen, rebuildPod, repackPage } from "../../../src/pack/mod.ts";
import { ASSETS, podToml, type TemporaryFolder, temporaryFolder } from "./pod_folder.ts";

const NEWER = { bundle: "globalThis.GemmaPod={boot(){/* newer */}};", wasmGzip: ASSETS.wasmGzip };

async function podFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("pod.toml"), podToml('[ui]\nentry = "own.js"'));
  await Deno.writeTextFile(folder.at("own.js"), "draw()");
  await keygen(folder.dir);
  return folder;
}

Deno.test("repackPage() keeps manifest and script to the byte, and needs no key", async () => {
  await using folder = await podFolder();
  const page = folder.at("page.html");
  await buildPod({ dir: folder.dir, out: page, assets: ASSETS });
  const before = readPackedPage(await Deno.readTextFile(page));
  await Deno.remove(folder.at("owner.key"));

  const repacked = await repackPage({ page, assets: NEWER });
  assert.deepEqual([repacked.out, repacked.changed], [page, true]);
  const html = await Deno.readTextFile(page);
  const after = readPackedPage(html);
  assert.equal(after.manifestB64, before.manifestB64);
  assert.deepEqual(after.uiScript, before.uiScript);
  assert(html.includes("/* newer */"));
  assert.equal((await repackPage({ page, assets: NEWER })).changed, false);
});

Deno.test("repackPage() gives what a build of the same release gives", async () => {
  await using folder = await podFolder();
  const [old, fresh, again] = ["old.html", "new.html", "again.html"].map((name) => folder.at(name));
  await buildPod({ dir: folder.dir, out: old, assets: ASSETS });
  await buildPod({ dir: folder.dir, out: fresh, assets: NEWER });
  await repackPage({ page: old ?? "", out: again, assets: NEWER });
  assert.deepEqual(await Deno.readFile(again ?? ""), await Deno.readFile(fresh ?? ""));
});

Deno.test("repackPage() refuses a page that does not hold, and leaves it as it was", async () => {
  await using folder = await podFolder();
  const page = folder.at("page.html");
  await buildPod({ dir: folder.dir, out: page, assets: ASSETS });
  const html = (await Deno.readTextFile(page)).replace(/(UI_B64 = ")[^"]*/, "$1AAAA");
  await Deno.writeTextFile(page, html);
  await assert.rejects(repackPage({ page, assets: NEWER }), { code: "entry_mismatch" });
  assert.equal(await Deno.readTextFile(page), html);
});

Deno.test("rebuildPod() writes to where the page was, also after both have moved", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(folder.at("a", "pod"), { recursive: true });
  await Deno.writeTextFile(folder.at("a", "pod", "pod.toml"), podToml());
  await keygen(folder.at("a", "pod"));
  const dir = folder.at("a", "pod");
  await assert.rejects(rebuildPod({ dir, assets: ASSETS }), { code: "never_built" });
  await buildPod({ dir, out: folder.at("a", "card.html"), assets: ASSETS });
  await Deno.rename(folder.at("a"), folder.at("b"));
  const moved = folder.at("b", "pod");
  await Deno.writeTextFile(folder.at("b", "pod", "pod.toml"), podToml().replace("terse", "kind"));
  const { out } = await rebuildPod({ dir: moved, assets: ASSETS });
  assert.equal(out, folder.at("b", "card.html"));
  const { manifest } = await inspectPage(out, { assets: ASSETS });
  assert.equal(manifest.system_prompt, "You are kind.");
  // A build into the usual place is remembered over the unusual one.
  await buildPod({ dir: moved, assets: ASSETS });
  assert.equal(
    (await rebuildPod({ dir: moved, assets: ASSETS })).out,
    folder.at("b", "pod", "dist", "hello-pod.html"),
  );
});

Deno.test("rebuildPod() writes over nothing but a page, whatever a folder remembers", async () => {
  await using folder = await podFolder();
  await Deno.mkdir(folder.at(".gemmapod"));
  for (const out of ["../important.txt", "own.js", folder.at("own.js"), "owner.key", 7, "dist"]) {
    await Deno.writeTextFile(folder.at(".gemmapod", "page.json"), JSON.stringify({ out }));
    await assert.rejects(rebuildPod({ dir: folder.dir, assets: ASSETS }), { code: "never_built" });
  }
  assert.equal(await Deno.readTextFile(folder.at("own.js")), "draw()");
  await Deno.writeTextFile(folder.at(".gemmapod", "page.json"), "{");
  const { out } = await buildPod({ dir: folder.dir, assets: ASSETS });
  assert.equal((await rebuildPod({ dir: folder.dir, assets: ASSETS })).out, out);
});

Deno.test("inspectPage() tells where each byte of a page is", async () => {
  await using folder = await podFolder();
  const { out } = await buildPod({ dir: folder.dir, out: folder.at("page.html"), assets: ASSETS });
  const { sizes, manifest, runtime } = await inspectPage(out, { assets: ASSETS });
  const { bytes, gzipBytes, ...parts } = sizes;
  assert.equal(bytes, (await Deno.stat(out)).size);
  assert.equal(Object.values(parts).reduce((sum, part) => sum + part), bytes);
  assert.deepEqual([parts.bundle, parts.wasm, parts.entry], [31, 8, 8]);
  assert(gzipBytes < bytes && parts.rest > 500 && runtime.known);
  assert.equal(manifest.ui?.entry, "own.js");
});

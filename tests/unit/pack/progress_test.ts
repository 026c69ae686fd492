import assert from "node:assert/strict";
import { buildPod, keygen, rebuildPod, repackPage } from "../../../src/pack/mod.ts";
import { ASSETS, podToml, temporaryFolder } from "./pod_folder.ts";

Deno.test("packing tells how far it is, in bytes of the page, to its end", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("pod.toml"), podToml());
  await keygen(folder.dir);
  // Large enough to be compressed in pieces.
  const assets = { ...ASSETS, bundle: `globalThis.GemmaPod={boot(){}};${";".repeat(300_000)}` };
  const out = folder.at("page.html");
  for (
    const pack of [
      (onProgress: Told) => buildPod({ dir: folder.dir, out, assets, onProgress }),
      (onProgress: Told) => rebuildPod({ dir: folder.dir, assets, onProgress }),
      (onProgress: Told) => repackPage({ page: out, assets, onProgress }),
    ]
  ) {
    const told: [done: number, total: number][] = [];
    const { bytes } = await pack((done, total) => void told.push([done, total]));
    assert(told.length > 1, `${told.length}`);
    assert(
      told.every(([done, total], index) => done > (told[index - 1]?.[0] ?? 0) && total === bytes),
    );
    assert.deepEqual(told.at(-1), [bytes, bytes]);
  }
});

/** What is told how far it is. */
type Told = (done: number, total: number) => void;

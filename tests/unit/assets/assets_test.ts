import assert from "node:assert/strict";
import { join } from "node:path";
import { coreWasmGzip, fullBundle, runtimeBundle } from "../../../src/assets/mod.ts";
import {
  ASSET_FILES,
  builtStamp,
  ROOT_DIR,
  sourceStamp,
  WEB_DIST_DIR,
} from "../../../src/assets/native.ts";

/** The members of `window.GemmaPod` (runtime.md, "Two bundles, one source"). */
const RUNTIME_MEMBERS = [
  "attachBrowserFallbackPrepare",
  "create",
  "mapDartcUiEventToAgUi",
  "mount",
  "mountPod",
  "quickTransportStatus",
];
const FULL_MEMBERS = [...RUNTIME_MEMBERS, "GemmaPodCore", "boot", "initCore", "wasmInit"].sort();
/** For pages of other people, with the element that runtime.md names below "Widget". */
const SITE_MEMBERS = [...FULL_MEMBERS, "defineElement"].sort();

/** Runs a bundle as a page does, but without a document: nothing may happen but the one global. */
function globalsOf(bundle: string): { before: string[]; GemmaPod: Record<string, unknown> } {
  const before = Object.getOwnPropertyNames(globalThis);
  const GemmaPod = new Function(`${bundle}; return GemmaPod;`)();
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
  return { before, GemmaPod };
}

Deno.test("the bundles are those of these sources, and have the members that runtime.md names", async () => {
  const [page, site, runtime] = await Promise.all([
    fullBundle(),
    fullBundle("site"),
    runtimeBundle(),
  ]);
  assert.equal(await builtStamp(), await sourceStamp());
  assert.deepEqual(Object.keys(globalsOf(page).GemmaPod).sort(), FULL_MEMBERS);
  assert.deepEqual(Object.keys(globalsOf(site).GemmaPod).sort(), SITE_MEMBERS);
  assert.deepEqual(Object.keys(globalsOf(runtime).GemmaPod).sort(), RUNTIME_MEMBERS);
});

Deno.test("a bundle may stand inside a script element", async () => {
  for (const bundle of [await fullBundle(), await fullBundle("site"), await runtimeBundle()]) {
    assert.doesNotMatch(bundle, /<\/script|<!--/i);
    assert.doesNotMatch(bundle, /\beval\(|new Function\(/, "a strict policy forbids it");
  }
});

Deno.test("only the bundle for sites has its own copy of the WASM", async () => {
  const gzip = await coreWasmGzip();
  assert.deepEqual(gzip, await Deno.readFile(join(ROOT_DIR, "src", "core", "core.wasm.gz")));
  const start = btoa(String.fromCharCode(...gzip.subarray(0, 300)));
  assert.ok((await fullBundle("site")).includes(start));
  assert.ok(!(await fullBundle("page")).includes(start));
  assert.ok(!(await runtimeBundle()).includes(start));
});

Deno.test("the bundle without a widget has no Preact in it", async () => {
  assert.match(await fullBundle(), /shadowRoot/);
  assert.doesNotMatch(await runtimeBundle(), /shadowRoot|__k|composer/);
});

Deno.test("the licences of all that is bundled lie beside the bundles", async () => {
  await fullBundle();
  const licences = await Deno.readTextFile(join(WEB_DIST_DIR, ASSET_FILES.licences));
  for (const name of ["preact", "streaming-markdown", "fast-json-patch", "@noble/ed25519"]) {
    assert.match(licences, new RegExp(`^${name} \\d`, "m"));
  }
  assert.match(licences, /^curve25519-dalek \d[^]*Redistribution and use in source and binary/m);
});

Deno.test("the licences of core.wasm are those of the versions that core-rs locks", async () => {
  const crate = join(ROOT_DIR, "core-rs");
  const licences = await Deno.readTextFile(join(crate, "LICENCES.txt"));
  const lock = await Deno.readTextFile(join(crate, "Cargo.lock"));
  const manifest = await Deno.readTextFile(join(crate, "Cargo.toml"));
  for (const [, name] of manifest.matchAll(/^([\w-]+) = \{ version/gm)) {
    const version = new RegExp(`name = "${name}"\nversion = "(.*)"`).exec(lock)?.[1];
    assert.ok(licences.includes(`\n${name} ${version} (`), `${name} ${version}`);
  }
});

Deno.test("a bundle names who holds the copyright of what is in it", async () => {
  assert.match(await fullBundle(), /preact: Copyright .*Jason Miller.* \*\/\n$/);
  assert.match(await runtimeBundle(), /@noble\/ed25519: Copyright .*Paul Miller/);
});

Deno.test("bundles that are gone are built again, once, however many processes ask", async () => {
  await fullBundle();
  const stamp = join(WEB_DIST_DIR, ASSET_FILES.stamp);
  const made = async () => (await Deno.stat(stamp)).mtime?.getTime();
  await Deno.remove(stamp);
  const script = `
    const { fullBundle } = await import(${
    JSON.stringify(import.meta.resolve("../../../src/assets/mod.ts"))
  });
    await fullBundle();
    const made = await Deno.stat(${JSON.stringify(stamp)});
    console.log(made.mtime?.getTime());`;
  const asking = Array.from({ length: 3 }, () =>
    new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", `--config=${join(ROOT_DIR, "deno.json")}`, script],
    }).output());
  const times = (await Promise.all(asking)).map(({ stdout, stderr, success }) => {
    assert.ok(success, new TextDecoder().decode(stderr));
    return Number(new TextDecoder().decode(stdout));
  });
  assert.deepEqual(new Set(times), new Set([await made()]));
});

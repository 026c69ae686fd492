import assert from "node:assert/strict";
import {
  parsePodToml,
  PodTomlError,
  readPackedPage,
  verifyManifest,
} from "../../../src/pod/mod.ts";
import { generateOwnerKey, readOwnerKey, writeOwnerKey } from "../../../src/pod/native.ts";
import { buildPod, type BuiltPod, keygen } from "../../../src/pack/mod.ts";
import { ASSETS, filesOf, podToml, type TemporaryFolder, temporaryFolder } from "./pod_folder.ts";

async function podFolder(toml = podToml()): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("pod.toml"), toml);
  await keygen(folder.dir);
  return folder;
}

function build(folder: TemporaryFolder, key?: string): Promise<BuiltPod> {
  return buildPod({ dir: folder.dir, out: folder.at("page.html"), key, assets: ASSETS });
}

Deno.test("buildPod() writes a page whose manifest says what the pod.toml says", async () => {
  await using folder = await podFolder();
  const built = await build(folder);
  const html = await Deno.readTextFile(folder.at("page.html"));
  const manifest = await verifyManifest(readPackedPage(html).signedManifest);
  const { publicKey } = await readOwnerKey(folder.at("owner.key"));
  assert.deepEqual(manifest, {
    v: 1,
    id: "hello-pod",
    name: "Hello & <World>",
    persona: "",
    system_prompt: "You are terse.",
    model: "gemma4:e4b",
    owner_pubkey: publicKey,
    transport: {
      preferred: ["dartc", "fallback"],
      dartc: { signal_url: "ws://127.0.0.1:8080/signal", pod_id: "hello-pod" },
    },
    tools: [],
  });
  assert(html.includes("<title>Hello &#38; &#60;World&#62;</title>"));
  assert.equal(built.podId, "hello-pod");
  assert.equal(built.ownerPubkey, publicKey);
  assert.equal(built.bytes, new TextEncoder().encode(html).length);
  assert(built.gzipBytes > 0 && built.gzipBytes < built.bytes);
});

Deno.test("buildPod() gives the same bytes for the same folder", async () => {
  await using folder = await podFolder();
  await build(folder);
  const first = await Deno.readFile(folder.at("page.html"));
  await build(folder);
  assert.deepEqual(await Deno.readFile(folder.at("page.html")), first);
});

Deno.test("buildPod() writes a page that a server may read, and leaves nothing beside it", async () => {
  await using folder = await podFolder();
  await build(folder);
  assert.deepEqual(await filesOf(folder.dir), [
    ".gemmapod", // remembers the page's place
    "owner.key",
    "page.html",
    "pod.toml",
  ]);
  const { mode } = await Deno.stat(folder.at("page.html"));
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o444, 0o444);
});

Deno.test("buildPod() takes a key from elsewhere", async () => {
  await using folder = await podFolder();
  const key = await generateOwnerKey();
  await writeOwnerKey(folder.at("other.key"), key);
  assert.equal((await build(folder, folder.at("other.key"))).ownerPubkey, key.publicKey);
});

Deno.test("buildPod() refuses a key that is not the pod's owner's", async () => {
  await using folder = await podFolder(podToml(`[owner]\npubkey = "${"ab".repeat(32)}"`));
  await assert.rejects(build(folder), { code: "owner_mismatch", message: /abab.*owner\.key/s });
  assert(!(await filesOf(folder.dir)).includes("page.html"));
});

Deno.test("buildPod() takes the key that pod.toml names, in either case", async () => {
  await using folder = await podFolder();
  const { publicKey } = await readOwnerKey(folder.at("owner.key"));
  const toml = podToml(`[owner]\npubkey = "${publicKey.toUpperCase()}"`);
  await Deno.writeTextFile(folder.at("pod.toml"), toml);
  assert.equal((await build(folder)).ownerPubkey, publicKey);
});

Deno.test("buildPod() refuses to promise what this release cannot keep", async () => {
  for (const promise of ["require_proof = true", "relay = true"]) {
    await using folder = await podFolder(podToml(promise));
    await assert.rejects(build(folder), {
      code: "unsupported_promise",
      message: new RegExp(`transport\\.dartc\\.${promise.split(" ")[0]}`),
    });
  }
});

Deno.test("buildPod() refuses a folder without pod.toml, without key, with mistakes", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(build(folder), { code: "no_pod" });
  await Deno.writeTextFile(folder.at("pod.toml"), podToml());
  await assert.rejects(build(folder), { code: "no_key" });
  await Deno.writeTextFile(folder.at("pod.toml"), "name = 1");
  await assert.rejects(build(folder), PodTomlError);
});

Deno.test("buildPod() tells of keys that nobody reads, and packs", async () => {
  await using folder = await podFolder(podToml("[ui]\ngreting = 'hi'"));
  const { warnings } = await build(folder);
  assert.deepEqual(warnings.map(({ key, hint }) => [key, hint]), [
    ["ui.greting", "did you mean greeting?"],
  ]);
});

Deno.test("buildPod() refuses a manifest that would not fit a hello, and keeps the old page", async () => {
  await using folder = await podFolder();
  await Deno.writeTextFile(folder.at("page.html"), "old");
  const long = podToml().replace("You are terse.", "x".repeat(40_000));
  assert.equal(parsePodToml(long).pod.system_prompt.length, 40_000);
  await Deno.writeTextFile(folder.at("pod.toml"), long);
  await assert.rejects(build(folder), { code: "manifest_too_large", message: /32768/ });
  assert.equal(await Deno.readTextFile(folder.at("page.html")), "old");
});

Deno.test("buildPod() never writes over the pod's own files", async () => {
  await using folder = await podFolder();
  for (const name of ["owner.key", "pod.toml"]) {
    const out = folder.at(name);
    await assert.rejects(buildPod({ dir: folder.dir, out, assets: ASSETS }), { code: "bad_out" });
  }
});

Deno.test("buildPod() packs the pod's own script and signs its hash", async () => {
  await using folder = await podFolder(podToml('[ui]\nentry = "ui/own.js"'));
  await assert.rejects(build(folder), { code: "no_entry", message: /ui[/\\]own\.js/ });
  await Deno.mkdir(folder.at("ui"));
  await Deno.writeTextFile(folder.at("ui", "own.js"), "draw()");
  await build(folder);
  const page = readPackedPage(await Deno.readTextFile(folder.at("page.html")));
  assert.equal(new TextDecoder().decode(page.uiScript), "draw()");
  const { ui } = await verifyManifest(page.signedManifest);
  assert.deepEqual(ui, {
    entry: "ui/own.js",
    entry_sha256: "8e6dc5915e2d34874152bf23455565e67f4f522c656b14d60f4a5da458921f90",
  });
});

Deno.test("buildPod() writes into the folder's dist when it is told no place, and remembers nothing", async () => {
  await using folder = await podFolder();
  const { out } = await buildPod({ dir: folder.dir, assets: ASSETS });
  assert.equal(out, folder.at("dist", "hello-pod.html"));
  assert.deepEqual(await filesOf(folder.dir), ["dist", "owner.key", "pod.toml"]);
});

Deno.test("buildPod() takes one classic script as the pod's own, and says what else it found", async () => {
  const cases: [string | Uint8Array<ArrayBuffer>, RegExp][] = [
    ["import a from './a.js'", /import statement outside a module; bundle it/],
    ["let a;\nexport default a", /'export'; bundle it/],
    ["await load()", /await is only valid .*; bundle it/],
    ["let x = ;", /own\.js: Unexpected token ';'$/],
    ["'</script>'", /<\/script in it, which would end it early/],
    ["'<!-- '", /<!-- in it/],
    ["", /it has 0 bytes, expected 1 to 1048576/],
    [new Uint8Array([0xff, 0xfe]), /not UTF-8/],
    [new Uint8Array(1024 * 1024 + 1).fill(0x20), /1048577 bytes/],
  ];
  await using folder = await podFolder(podToml('[ui]\nentry = "own.js"'));
  for (const [script, message] of cases) {
    const bytes = typeof script === "string" ? new TextEncoder().encode(script) : script;
    await Deno.writeFile(folder.at("own.js"), bytes);
    await assert.rejects(build(folder), { code: "bad_entry", message });
  }
  assert(!(await filesOf(folder.dir)).includes("page.html"));
});

Deno.test("buildPod() follows no link out of the folder, or to the key", async () => {
  await using folder = await podFolder(podToml('[ui]\nentry = "own.js"'));
  await using outside = await temporaryFolder();
  await Deno.writeTextFile(outside.at("secret.js"), "secret");
  for (const target of [outside.at("secret.js"), folder.at("owner.key")]) {
    await Deno.symlink(target, folder.at("own.js"));
    await assert.rejects(build(folder), { code: "bad_entry" });
    await Deno.remove(folder.at("own.js"));
  }
});

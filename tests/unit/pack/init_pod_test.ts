import assert from "node:assert/strict";
import { parsePodToml } from "../../../src/pod/mod.ts";
import { readOwnerKey } from "../../../src/pod/native.ts";
import { buildPod, initPod, keygen, verifyPage } from "../../../src/pack/mod.ts";
import { ASSETS, filesOf, temporaryFolder } from "./pod_folder.ts";

Deno.test("initPod() makes a folder that packs as it is, without a warning", async () => {
  await using folder = await temporaryFolder();
  const dir = folder.at("new", "my-pod");
  const made = await initPod(dir);
  assert.deepEqual(made.files, ["owner.key", ".gitignore", "pod.toml"]);
  assert.deepEqual(await filesOf(dir), [".gitignore", "owner.key", "pod.toml"]);

  const toml = await Deno.readTextFile(folder.at("new", "my-pod", "pod.toml"));
  const { pod, warnings } = parsePodToml(toml);
  assert.deepEqual(warnings, []);
  assert.equal(pod.name, "my-pod");
  assert.equal(pod.id, made.podId);
  assert.match(made.podId, /^my-pod-[0-9a-f]{6}$/);
  const key = await readOwnerKey(folder.at("new", "my-pod", "owner.key"));
  assert.equal(pod.owner?.pubkey, key.publicKey);
  assert.match(await Deno.readTextFile(folder.at("new", "my-pod", ".gitignore")), /^owner\.key$/m);

  const built = await buildPod({ dir, out: folder.at("page.html"), assets: ASSETS });
  assert.deepEqual(built.warnings, []);
  assert.equal((await verifyPage(built.out)).ownerPubkey, made.ownerPubkey);
});

Deno.test("what initPod() has commented out is right once it is not", async () => {
  await using folder = await temporaryFolder();
  await initPod(folder.dir, { name: "x", podId: "x" });
  const toml = await Deno.readTextFile(folder.at("pod.toml"));
  const { pod, warnings } = parsePodToml(toml.replace(/^# (\[|[a-z_]+ = )/gm, "$1"));
  assert.deepEqual(warnings, []);
  assert(pod.llm && pod.limits && pod.transport.fallback && pod.tools.length === 1);
});

Deno.test("initPod() takes any name that people have", async () => {
  for (const name of ['"Ada" \\ <b>', "日本語 🍕", "a\nb\u007f", "\ud800"]) {
    await using folder = await temporaryFolder();
    await initPod(folder.dir, { name });
    const { pod } = parsePodToml(await Deno.readTextFile(folder.at("pod.toml")));
    assert.equal(pod.name, name.toWellFormed());
  }
});

Deno.test("initPod() writes nothing for a name or an id that no pod can have", async () => {
  await using folder = await temporaryFolder();
  await assert.rejects(initPod(folder.dir, { name: " " }), { code: "bad_name" });
  await assert.rejects(initPod(folder.dir, { podId: "a/b" }), { code: "bad_pod_id" });
  const long = "x".repeat(1000);
  await assert.rejects(initPod(folder.dir, { name: long }), { code: "invalid_pod_toml" });
  assert.deepEqual(await filesOf(folder.dir), []);
});

Deno.test("initPod() overwrites nothing", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at("pod.toml"), "mine");
  await assert.rejects(initPod(folder.dir), { code: "pod_exists" });
  assert.deepEqual(await filesOf(folder.dir), ["pod.toml"]);
  assert.equal(await Deno.readTextFile(folder.at("pod.toml")), "mine");
});

Deno.test("initPod() uses the key that is there and keeps what .gitignore says", async () => {
  await using folder = await temporaryFolder();
  const { publicKey } = await keygen(folder.dir);
  await Deno.writeTextFile(folder.at(".gitignore"), "dist");
  const made = await initPod(folder.dir, { name: "x" });
  assert.equal(made.ownerPubkey, publicKey);
  assert.deepEqual(made.files, [".gitignore", "pod.toml"]);
  const ignored = (await Deno.readTextFile(folder.at(".gitignore"))).split("\n");
  assert(ignored.includes("dist") && ignored.includes("owner.key"));
});

Deno.test("initPod() leaves a .gitignore alone that names the key already", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(folder.at(".gitignore"), "/owner.key\r\n");
  const made = await initPod(folder.dir, { name: "x" });
  assert.deepEqual(made.files, ["owner.key", "pod.toml"]);
  assert.equal(await Deno.readTextFile(folder.at(".gitignore")), "/owner.key\r\n");
});

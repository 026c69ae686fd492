import assert from "node:assert/strict";
import { type Manifest, signManifest } from "../../../src/pod/mod.ts";
import { fromHex } from "../../../src/base/mod.ts";
import { GemmaPodCore, initCore, wasmInit } from "../../../web/core_api.ts";

const SECRET = "07".repeat(32);

function manifest(): Manifest {
  return {
    v: 1,
    id: "hello-pod",
    name: "Hellö 👋",
    persona: "",
    system_prompt: "You are terse.",
    owner_pubkey: "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
    transport: { preferred: ["direct"], direct: { base_url: "http://localhost:11434" } },
    tools: [{ name: "clock", description: "Tells the time" }],
  };
}

Deno.test("GemmaPodCore answers with promises before it has started", async () => {
  const key = GemmaPodCore.generateKey();
  assert.ok(key instanceof Promise);
  assert.match((await key).secretKey, /^[0-9a-f]{64}$/);
});

Deno.test("GemmaPodCore answers at once after initCore()", async () => {
  const core = await initCore();
  assert.equal(core, GemmaPodCore);
  await wasmInit();
  const { publicKey, secretKey } = await GemmaPodCore.generateKey();
  const message = new TextEncoder().encode("hello");
  const signature = GemmaPodCore.signBytes(message, secretKey);
  assert.ok(signature instanceof Uint8Array);
  assert.equal(GemmaPodCore.verifyBytes(message, signature, publicKey), true);
  assert.equal(GemmaPodCore.verifyBytes(message, signature, fromHex(publicKey)), true);
  message[0] = 0;
  assert.equal(GemmaPodCore.verifyBytes(message, signature, publicKey), false);
});

Deno.test("GemmaPodCore signs the manifest that the packer would, and reads it back", async () => {
  await initCore();
  const signed = await GemmaPodCore.signManifest(manifest(), SECRET);
  assert.equal((await GemmaPodCore.verifyManifest(signed)).name, "Hellö 👋");
  const { name } = await GemmaPodCore.verifyManifest(
    await signManifest(manifest(), fromHex(SECRET)),
  );
  assert.equal(name, "Hellö 👋");
});

Deno.test("GemmaPodCore gives out nothing of a manifest that was tampered with", async () => {
  await initCore();
  const signed = await GemmaPodCore.signManifest(manifest(), SECRET);
  signed[signed.length - 3] = (signed[signed.length - 3] ?? 0) ^ 1;
  assert.throws(() => GemmaPodCore.verifyManifest(signed), { code: "manifest_rejected" });
});

Deno.test("GemmaPodCore does not sign for an owner whose key it is not given", async () => {
  await initCore();
  assert.throws(() => GemmaPodCore.signManifest(manifest(), "08".repeat(32)), {
    code: "manifest_rejected",
  });
  assert.throws(() => GemmaPodCore.signBytes(new Uint8Array(), "not hex"), { code: "bad_key" });
});

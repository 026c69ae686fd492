import assert from "node:assert/strict";
import {
  defaultEd25519,
  type Ed25519,
  loadCore,
  nobleEd25519,
  wasmEd25519,
  webCryptoEd25519,
} from "../../../src/core/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import { testEd25519 } from "./ed25519_conformance.ts";

const ADAPTERS: { [name in Ed25519["name"]]: () => Promise<Ed25519> } = {
  node: () => Promise.resolve(nodeEd25519()),
  webcrypto: webCrypto,
  wasm: async () => wasmEd25519(await loadCore()),
  noble: () => Promise.resolve(nobleEd25519()),
};

testEd25519("node", ADAPTERS.node);
testEd25519("webcrypto", ADAPTERS.webcrypto);
testEd25519("wasm", ADAPTERS.wasm);
testEd25519("noble", ADAPTERS.noble);

Deno.test("all adapters make the same signatures", async () => {
  const adapters = await Promise.all(Object.values(ADAPTERS).map((open) => open()));
  for (let i = 0; i < 16; i++) {
    const seed = new Uint8Array(32).fill(i);
    const message = new Uint8Array(100 * i).fill(i);
    const signatures = await Promise.all(
      adapters.map(async (ed25519) => await (await ed25519.signingKey(seed)).sign(message)),
    );
    for (const signature of signatures) assert.deepEqual(signature, signatures[0]);
  }
});

Deno.test("node, wasm and noble answer at once", async () => {
  for (const name of ["node", "wasm", "noble"] as const) {
    const ed25519 = await ADAPTERS[name]();
    const key = ed25519.generate();
    assert.ok(!(key instanceof Promise), name);
    const signature = key.sign(new Uint8Array(1));
    assert.ok(!(signature instanceof Promise), name);
    const verifier = ed25519.verifyingKey(key.publicKey);
    assert.ok(!(verifier instanceof Promise), name);
    assert.equal(verifier.verify(new Uint8Array(1), signature), true, name);
  }
});

Deno.test("the default is WebCrypto's where it is there, chosen once", async () => {
  const chosen = await defaultEd25519(() => assert.fail("no fallback is needed"));
  assert.equal(chosen.name, "webcrypto");
  assert.equal(await defaultEd25519(), chosen);
});

async function webCrypto(): Promise<Ed25519> {
  return await webCryptoEd25519() ?? assert.fail("this Deno has no Ed25519 in WebCrypto");
}

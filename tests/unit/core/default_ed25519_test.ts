import assert from "node:assert/strict";
import { inOwnProcess } from "./own_process.ts";

/** As on a page from plain `http:`. */
const NO_SUBTLE = `Object.defineProperty(crypto, "subtle", { value: undefined });`;

/** As in a browser from before 2025. */
const NO_ED25519 = `crypto.subtle.generateKey = () =>
  Promise.reject(new DOMException("Unrecognized name", "NotSupportedError"));`;

const SIGNS = `
  const key = await ed25519.generate();
  const verifier = await ed25519.verifyingKey(key.publicKey);
  const message = new Uint8Array(3);
  return ed25519.name + " " + await verifier.verify(message, await key.sign(message));`;

for (
  const [where, setUp] of [["no crypto.subtle", NO_SUBTLE], ["no Ed25519", NO_ED25519]] as const
) {
  Deno.test(`with ${where} the default is the WASM`, async () => {
    const program = `const ed25519 = await core.defaultEd25519(); ${SIGNS}`;
    assert.equal(await inOwnProcess(setUp, program), "wasm true");
  });

  Deno.test(`with ${where} a bundle without WASM can give noble`, async () => {
    const program = `const ed25519 = await core.defaultEd25519(core.nobleEd25519); ${SIGNS}`;
    assert.equal(await inOwnProcess(setUp, program), "noble true");
  });
}

Deno.test("a fallback that failed is asked again", async () => {
  const answer = await inOwnProcess(
    NO_SUBTLE,
    `const fail = () => Promise.reject(new Error("offline"));
     const first = await core.defaultEd25519(fail).catch((error) => error.message);
     return first + ", then " + (await core.defaultEd25519()).name;`,
  );
  assert.equal(answer, "offline, then wasm");
});

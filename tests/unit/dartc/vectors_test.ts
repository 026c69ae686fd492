import assert from "node:assert/strict";
import { fromHex, toHex } from "../../../src/base/mod.ts";
import { nobleEd25519, webCryptoEd25519 } from "../../../src/core/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import { signFrame, signingText, verifyFrame } from "../../../src/dartc/mod.ts";

interface Case {
  readonly name: string;
  readonly ok: boolean;
  readonly why?: string;
  readonly public_key: string;
  readonly canonical?: string;
  readonly envelope?: { readonly signature: string; readonly [member: string]: unknown };
  readonly raw?: string;
}

interface Vectors {
  readonly session: { readonly secretKey: string; readonly publicKey: string };
  readonly cases: readonly Case[];
}

// The file is checked in; its shape is the one above.
const vectors = JSON.parse(
  await Deno.readTextFile(new URL("../../vectors/envelope.json", import.meta.url)),
) as Vectors;

const adapters = [undefined, nodeEd25519(), nobleEd25519(), await webCryptoEd25519()]
  .filter((adapter, index) => index === 0 || adapter !== undefined);

for (const { name, ok, why, public_key, canonical, envelope, raw } of vectors.cases) {
  Deno.test(`vectors/envelope.json: ${name}: ${ok ? "is accepted" : `is refused (${why})`}`, async () => {
    for (const adapter of adapters) {
      for (const form of raw === undefined ? [envelope, JSON.stringify(envelope)] : [raw]) {
        assert.ok(form !== undefined);
        const verified = verifyFrame(form, public_key, adapter);
        if (ok) assert.deepEqual(await verified, envelope);
        else {await assert.rejects(verified, {
            code: why === "signature" ? "bad_signature" : "invalid_frame",
          });}
      }
    }
  });

  if (ok && envelope !== undefined && canonical !== undefined) {
    Deno.test(`vectors/envelope.json: ${name}: has the same signing text, byte for byte`, () => {
      assert.equal(signingText(envelope), canonical);
    });
  }
}

Deno.test("vectors/envelope.json: we sign what another implementation signed as it did", async () => {
  const { secretKey, publicKey } = vectors.session;
  const key = await nodeEd25519().signingKey(fromHex(secretKey));
  assert.equal(toHex(key.publicKey), publicKey);
  for (const { ok, envelope, public_key } of vectors.cases) {
    if (!ok || envelope === undefined || public_key !== publicKey) continue;
    const { signature, ...unsigned } = envelope;
    // The vector is a frame, as the test above shows.
    const frame = unsigned as unknown as Parameters<typeof signFrame>[0];
    assert.equal((await signFrame(frame, key)).signature, signature);
    assert.equal((await signFrame(frame, secretKey)).signature, signature);
  }
});

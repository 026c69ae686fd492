import assert from "node:assert/strict";
import { CodedError, fromBase64 } from "../../../src/base/mod.ts";
import { verifyManifest } from "../../../src/pod/mod.ts";
import vectors from "../../vectors/manifest.json" with { type: "json" };

for (const { name, signed_b64, manifest, why } of vectors.cases) {
  const signed = fromBase64(signed_b64);
  if (manifest !== undefined) {
    Deno.test(`verifyManifest() reads the vector "${name}" as it was signed`, async () => {
      assert.deepEqual(await verifyManifest(signed), manifest);
    });
  } else {
    Deno.test(`verifyManifest() refuses the vector "${name}" and says why`, async () => {
      await assert.rejects(verifyManifest(signed), (error) => {
        assert(error instanceof CodedError);
        assert.equal(error.code, "manifest_rejected");
        assert(why !== undefined && error.message.includes(why), error.message);
        return true;
      });
    });
  }
}

Deno.test("verifyManifest() refuses more bytes than any signer writes, before it reads them", async () => {
  await assert.rejects(verifyManifest(new Uint8Array(200_000)), { code: "manifest_rejected" });
});

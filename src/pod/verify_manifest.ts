import { CodedError } from "../base/mod.ts";
import { loadCore } from "../core/mod.ts";
import { type Manifest, MAX_SIGNED_MANIFEST_BYTES } from "./manifest.ts";
import { isJson } from "./shape.ts";

/**
 * The manifest inside the bytes of a signed one, after its signature held. Nothing of it is given
 * out before. The check is `core-rs` as WASM, the same code in packer, broker, Host and page.
 *
 * Rejects with {@linkcode CodedError} `manifest_rejected`, whose message holds the reason
 * (`signature`, `cbor`, `weak key`, …).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { verifyManifest } from "./mod.ts";
 *
 * await assert.rejects(verifyManifest(new Uint8Array()), /cbor/);
 * ```
 */
export async function verifyManifest(bytes: Uint8Array): Promise<Manifest> {
  if (bytes.length > MAX_ACCEPTED_BYTES) {
    throw new CodedError(
      "manifest_rejected",
      `Cannot accept the manifest: it has ${bytes.length} bytes, at most ${MAX_ACCEPTED_BYTES} are read`,
    );
  }
  const core = await loadCore();
  const value = core.verifyManifest(bytes);
  if (!isJson(value)) {
    const reason = "Cannot accept the manifest: it has a key __proto__";
    throw new CodedError("manifest_rejected", reason);
  }
  // The core gives exactly the shape of its one schema (`core-rs/src/schema.rs`), or throws.
  return value as unknown as Manifest;
}

/**
 * The most bytes that are read: signers of the field write each byte as an array's element of up to
 * two bytes, twice over the limit of ours, and knew no limit themselves. A frame of 256 KiB, the
 * largest that a session takes, holds no more than this in base64.
 */
const MAX_ACCEPTED_BYTES = 6 * MAX_SIGNED_MANIFEST_BYTES;

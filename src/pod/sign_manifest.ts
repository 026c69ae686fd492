import { getPublicKeyAsync, signAsync } from "@noble/ed25519";
import { CodedError, toHex } from "../base/mod.ts";
import { encodeCbor, encodeManifest } from "./encode_manifest.ts";
import { type Manifest, MANIFEST_VERSION, MAX_SIGNED_MANIFEST_BYTES } from "./manifest.ts";
import { orderedManifest } from "./ordered_manifest.ts";
import { verifyManifest } from "./verify_manifest.ts";

/**
 * A manifest, signed: the CBOR map `{sig, payload}`, both as byte strings (manifest.md).
 *
 * Written by one implementation (cborg, `@noble/ed25519`) and read back by another (`core-rs`), and
 * what was read must equal what was meant, so that no page goes out which its reader would refuse.
 *
 * @param seed the owner's secret key, 32 bytes; `manifest.owner_pubkey` must be its public key
 *
 * Rejects with {@linkcode CodedError} `bad_key` for a seed of another length, `owner_mismatch` for
 * another owner's key, `manifest_too_large` over {@linkcode MAX_SIGNED_MANIFEST_BYTES},
 * `manifest_rejected` when it does not read back.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { signManifest, verifyManifest } from "./mod.ts";
 *
 * const seed = new Uint8Array(32).fill(7);
 * const signed = await signManifest({
 *   v: 1,
 *   id: "hello-pod",
 *   name: "Hello",
 *   persona: "",
 *   system_prompt: "You are terse.",
 *   owner_pubkey: "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
 *   transport: { preferred: ["direct"], direct: { base_url: "http://localhost:11434" } },
 *   tools: [],
 * }, seed);
 * assert.equal((await verifyManifest(signed)).name, "Hello");
 * ```
 */
export async function signManifest(
  manifest: Manifest,
  seed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (seed.length !== 32) {
    throw new CodedError("bad_key", `Cannot sign: the key has ${seed.length} bytes, expected 32`);
  }
  if (manifest.v !== MANIFEST_VERSION) {
    throw new CodedError(
      "manifest_rejected",
      `Cannot sign: the manifest is of version ${manifest.v}, expected ${MANIFEST_VERSION}`,
    );
  }
  const publicKey = toHex(await getPublicKeyAsync(seed));
  if (manifest.owner_pubkey !== publicKey) {
    throw new CodedError(
      "owner_mismatch",
      `Cannot sign: the manifest names the owner ${manifest.owner_pubkey}, the key is ${publicKey}`,
    );
  }
  const payload = encodeManifest(manifest);
  const sig = await signAsync(payload, seed);
  const signed = encodeCbor({ sig, payload });
  if (signed.length > MAX_SIGNED_MANIFEST_BYTES) {
    throw new CodedError(
      "manifest_too_large",
      `Cannot sign: the manifest has ${signed.length} bytes signed, at most ` +
        `${MAX_SIGNED_MANIFEST_BYTES} fit a hello; shorten system_prompt, tools or events`,
    );
  }
  const readBack = orderedManifest(await verifyManifest(signed));
  if (canonical(readBack) !== canonical(orderedManifest(manifest))) {
    throw new CodedError(
      "manifest_rejected",
      "Cannot sign: the manifest does not read back as it was written",
    );
  }
  return signed;
}

/** JSON with sorted keys: equal for equal values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
  });
}

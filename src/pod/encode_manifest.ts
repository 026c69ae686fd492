import { encode } from "cborg";
import type { Manifest } from "./manifest.ts";
import { orderedManifest } from "./ordered_manifest.ts";

/**
 * The CBOR of a manifest, the payload that an owner signs: keys in the order of manifest.md, and
 * what is absent, undefined or null left out. The same manifest gives the same bytes everywhere.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeManifest } from "./mod.ts";
 *
 * const bytes = encodeManifest({
 *   v: 1,
 *   id: "hello-pod",
 *   name: "Hello",
 *   persona: "",
 *   system_prompt: "You are terse.",
 *   owner_pubkey: "68da47d3658eed92ab596a2e9426e9b002495a7a3e4bca276f6b60c97ba997b2",
 *   transport: { preferred: ["direct"], direct: { base_url: "http://localhost:11434" } },
 *   tools: [],
 * });
 * assert.deepEqual([...bytes.subarray(0, 4)], [0xa8, 0x61, 0x76, 0x01]); // a map of 8, "v", 1
 * ```
 */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  return encodeCbor(orderedManifest(manifest));
}

/** CBOR with map keys in the order in which they stand. */
export function encodeCbor(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode(value, { mapSorter: () => 0 }));
}

import { getPublicKey, hashes, Point, sign } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "../base/mod.ts";
import { type Ed25519, PUBLIC_KEY_BYTES, type SigningKey } from "./ed25519.ts";
import { isStrictSignature, randomSeed, strictPublicKey, strictSeed } from "./strict.ts";

/**
 * Ed25519 in plain JavaScript by @noble/ed25519: another implementation than our WASM, so the packer
 * signs with one and reads back with the other; and the last resort of the bundle without WASM.
 *
 * SHA-512 is JavaScript too. The platform's would save 8 KB of that bundle, but a page from plain
 * `http:` has neither its Ed25519 nor its SHA-512, and those pages are what the last resort is for.
 */
export function nobleEd25519(): Ed25519 {
  hashes.sha512 = sha512;
  return {
    name: "noble",
    generate: () => signingKey(randomSeed()),
    signingKey: (seed) => signingKey(strictSeed(seed)),
    verifyingKey(bytes) {
      const publicKey = strictPublicKey(bytes);
      const point = pointOf(publicKey);
      return {
        publicKey,
        verify: (message, signature) =>
          point !== undefined && isStrictSignature(signature) &&
          verify(point, publicKey, message, signature),
      };
    },
  };
}

function signingKey(seed: Uint8Array<ArrayBuffer>): SigningKey {
  return {
    publicKey: Uint8Array.from(getPublicKey(seed)),
    sign: (message) => Uint8Array.from(sign(message, seed)),
  };
}

function pointOf(publicKey: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(publicKey);
  } catch {
    return undefined; // the bytes are no point
  }
}

/**
 * RFC 8032 section 5.1.7 step 3 without the cofactor, R compared as bytes. Noble's own `verify`
 * multiplies by the cofactor and so takes signatures that every other platform refuses.
 */
function verify(
  key: Point,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const r = signature.subarray(0, PUBLIC_KEY_BYTES);
  const s = littleEndian(signature.subarray(PUBLIC_KEY_BYTES));
  const { n } = Point.CURVE();
  const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % n;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k)).toBytes();
  return expected.every((byte, i) => byte === r[i]);
}

function littleEndian(bytes: Uint8Array): bigint {
  let number = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) number = (number << 8n) | BigInt(bytes[i] ?? 0);
  return number;
}

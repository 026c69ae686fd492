import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { concatBytes, fromHex } from "../base/mod.ts";
import { type Ed25519, PUBLIC_KEY_BYTES, type SigningKey } from "./ed25519.ts";
import { pkcs8OfSeed } from "./pkcs8.ts";
import { isStrictSignature, randomSeed, strictPublicKey, strictSeed } from "./strict.ts";

/** A public key in SubjectPublicKeyInfo begins like this and ends with itself (RFC 8410 section 4). */
const SPKI_HEAD = fromHex("302a300506032b6570032100");

/** Ed25519 by `node:crypto`, for native processes: the fastest there, and it answers at once. */
export function nodeEd25519(): Ed25519 {
  return {
    name: "node",
    generate: () => signingKey(randomSeed()),
    signingKey: (seed) => signingKey(strictSeed(seed)),
    verifyingKey(bytes) {
      const publicKey = strictPublicKey(bytes);
      const key = publicKeyObject(publicKey);
      return {
        publicKey,
        verify: (message, signature) =>
          key !== undefined && isStrictSignature(signature) &&
          verify(null, message, key, signature),
      };
    },
  };
}

function signingKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({
    key: Buffer.from(pkcs8OfSeed(seed)),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    publicKey: Uint8Array.from(spki.subarray(-PUBLIC_KEY_BYTES)),
    sign: (message) => Uint8Array.from(sign(null, message, key)),
  };
}

/** `undefined` where the platform sees at once that the bytes are no point. */
function publicKeyObject(publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({
      key: Buffer.from(concatBytes(SPKI_HEAD, publicKey)),
      format: "der",
      type: "spki",
    });
  } catch {
    return undefined;
  }
}

import { fromBase64 } from "../base/mod.ts";
import type { Ed25519, SigningKey } from "./ed25519.ts";
import { pkcs8OfSeed } from "./pkcs8.ts";
import { isStrictSignature, strictPublicKey, strictSeed } from "./strict.ts";

/**
 * Ed25519 by the platform's WebCrypto: the fastest of a browser, and its keys can't be read by
 * scripts. `undefined` where there is none: an older browser, or a page from plain `http:`, which
 * has no `crypto.subtle`.
 */
export async function webCryptoEd25519(): Promise<Ed25519 | undefined> {
  // The DOM's types promise it, but only secure contexts have it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  try {
    await generate(subtle);
  } catch {
    return undefined; // NotSupportedError, or what a browser with half of it throws
  }
  return {
    name: "webcrypto",
    generate: () => generate(subtle),
    async signingKey(bytes) {
      const pkcs8 = pkcs8OfSeed(strictSeed(bytes));
      // Only an extractable key tells its public key, so that one is made for it and forgotten.
      const open = await subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
      const { x = "" } = await subtle.exportKey("jwk", open);
      const key = await subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
      return signingKey(subtle, key, fromBase64(unpaddedToBase64(x)));
    },
    async verifyingKey(bytes) {
      const publicKey = strictPublicKey(bytes);
      const key = await importPublic(subtle, publicKey);
      return {
        publicKey,
        async verify(message, signature) {
          if (key === undefined || !isStrictSignature(signature)) return false;
          return await subtle.verify("Ed25519", key, source(signature), source(message));
        },
      };
    },
  };
}

async function generate(subtle: SubtleCrypto): Promise<SigningKey> {
  const pair = await subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  // Older types know no name of an algorithm that always makes a pair.
  if (!("privateKey" in pair)) throw new TypeError("generateKey gave no pair of keys");
  const publicKey = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  return signingKey(subtle, pair.privateKey, publicKey);
}

function signingKey(
  subtle: SubtleCrypto,
  key: CryptoKey,
  publicKey: Uint8Array<ArrayBuffer>,
): SigningKey {
  return {
    publicKey,
    sign: async (message) => new Uint8Array(await subtle.sign("Ed25519", key, source(message))),
  };
}

/** `undefined` where the platform sees at once that the bytes are no point. */
async function importPublic(
  subtle: SubtleCrypto,
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey | undefined> {
  try {
    return await subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataError") return undefined;
    throw error;
  }
}

/** WebCrypto does not take bytes that another thread may change; those are copied. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, length)
    : Uint8Array.from(bytes);
}

/** RFC 7515 section 2: base64url without padding, as JSON Web Keys have it. */
function unpaddedToBase64(text: string): string {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return standard.padEnd(4 * Math.ceil(standard.length / 4), "=");
}

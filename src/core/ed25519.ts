import type { MaybePromise } from "../base/mod.ts";

/** Bytes of a seed, which RFC 8032 calls the private key. */
export const SEED_BYTES = 32;

/** Bytes of a public key. */
export const PUBLIC_KEY_BYTES = 32;

/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

/** A key that signs. The seed stays inside. */
export interface SigningKey {
  /** 32 bytes, a copy of one's own. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** The signature of a message: 64 bytes, the same each time (RFC 8032 section 5.1.6). */
  sign(message: Uint8Array): MaybePromise<Uint8Array<ArrayBuffer>>;
}

/** A key that verifies. */
export interface VerifyingKey {
  /** 32 bytes, a copy of one's own. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /**
   * Whether a signature holds; one that is not 64 bytes does not. Throws for no signature, and for
   * no message of up to 1 MiB, which is what the WASM takes (`CodedError` `too_large`).
   */
  verify(message: Uint8Array, signature: Uint8Array): MaybePromise<boolean>;
}

/**
 * Strict Ed25519: RFC 8032 without the cofactor, S below the order, keys and R in their one
 * encoding and not of small order. So a signature that holds in one process holds in every other.
 *
 * One adapter for each platform; `tests/unit/core/ed25519_conformance.ts` holds for all of them.
 */
export interface Ed25519 {
  readonly name: "node" | "webcrypto" | "wasm" | "noble";
  /** A new key. Its seed cannot be had. */
  generate(): MaybePromise<SigningKey>;
  /** The key of a seed of 32 bytes; of another length is `CodedError` `bad_key`. */
  signingKey(seed: Uint8Array): MaybePromise<SigningKey>;
  /**
   * A public key of 32 bytes; one of another length, in a second encoding or of small order is
   * `CodedError` `bad_key`. Bytes that are no point at all are taken and verify nothing.
   */
  verifyingKey(publicKey: Uint8Array): MaybePromise<VerifyingKey>;
}

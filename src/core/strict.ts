import { CodedError, fromHex } from "../base/mod.ts";
import { PUBLIC_KEY_BYTES, SEED_BYTES, SIGNATURE_BYTES } from "./ed25519.ts";

/**
 * What platforms disagree about, decided once and before any of them is asked: RFC 8032 leaves open
 * whether points of small order count, and decoders are lenient (RFC 8032 sections 5.1.3, 5.1.7,
 * 8.8). What is left, the equation without the cofactor, all of them check alike.
 */

/** p = 2^255 - 19, little-endian: y must be below it. */
const P = fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

/** The order of the base point, little-endian: S must be below it. */
const L = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/** The y of every point of small order: two points each, or one, whatever the sign bit says. */
const SMALL_ORDER_Y = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map(fromHex);

/** The bit that holds the sign of x, in the last byte of a point. */
const SIGN_BIT = 0x80;

/** A copy of a public key that is strict. Throws `CodedError` `bad_key`. */
export function strictPublicKey(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw badKey("public key", `it has ${publicKey.length} bytes, expected ${PUBLIC_KEY_BYTES}`);
  }
  const copy = Uint8Array.from(publicKey);
  const y = yOf(copy);
  if (!isBelow(y, P)) throw badKey("public key", "it is not in its one encoding");
  if (isSmallOrder(y)) throw badKey("public key", "its order is small");
  return copy;
}

/** A copy of a seed. Throws `CodedError` `bad_key`. */
export function strictSeed(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  if (seed.length !== SEED_BYTES) {
    throw badKey("secret key", `it has ${seed.length} bytes, expected ${SEED_BYTES}`);
  }
  return Uint8Array.from(seed);
}

/** A new seed from the system's random numbers, which every browser has on every page. */
export function randomSeed(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES));
}

/** Whether a signature may hold at all: its length, R and S. */
export function isStrictSignature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const y = yOf(signature.subarray(0, PUBLIC_KEY_BYTES));
  return isBelow(y, P) && !isSmallOrder(y) && isBelow(signature.subarray(PUBLIC_KEY_BYTES), L);
}

function badKey(what: string, why: string): CodedError {
  return new CodedError("bad_key", `Cannot use the ${what}: ${why}`);
}

function yOf(point: Uint8Array): Uint8Array {
  const y = point.slice();
  y[PUBLIC_KEY_BYTES - 1] = byteAt(y, PUBLIC_KEY_BYTES - 1) & ~SIGN_BIT;
  return y;
}

function isSmallOrder(y: Uint8Array): boolean {
  return SMALL_ORDER_Y.some((small) => small.every((byte, i) => byte === y[i]));
}

/** Whether a little-endian number is below another of the same length. */
function isBelow(number: Uint8Array, limit: Uint8Array): boolean {
  for (let i = limit.length - 1; i >= 0; i--) {
    const difference = byteAt(number, i) - byteAt(limit, i);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

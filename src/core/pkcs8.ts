import { concatBytes, fromHex } from "../base/mod.ts";

/** A seed in PKCS #8 begins like this and ends with itself (RFC 8410 section 7). */
const HEAD = fromHex("302e020100300506032b657004220420");

/** A seed in the one form in which platforms import private keys. */
export function pkcs8OfSeed(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(HEAD, seed);
}

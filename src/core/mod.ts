/**
 * `core`: `core.wasm`, which checks signed manifests, and Ed25519 on every platform.
 *
 * `core.wasm` is built from `core-rs` by `deno task build wasm` and checked in, with its gzip for
 * packed pages; nobody needs Rust. It is loaded when it is first wanted.
 *
 * Ed25519 is an adapter: `node:crypto` in native processes (`native.ts`), WebCrypto in browsers that
 * have it, else the WASM, and @noble/ed25519 for the packer and the bundle without WASM. All are
 * strict in the same way, so that no two processes disagree about a signature.
 *
 * Runs in Deno, Node and browsers.
 *
 * @module
 */
export { type Core, type CoreKey, instantiateCore } from "./core.ts";
export { loadCore, provideCore } from "./load_core.ts";
export {
  type Ed25519,
  PUBLIC_KEY_BYTES,
  SEED_BYTES,
  SIGNATURE_BYTES,
  type SigningKey,
  type VerifyingKey,
} from "./ed25519.ts";
export { defaultEd25519 } from "./default_ed25519.ts";
export { webCryptoEd25519 } from "./webcrypto_ed25519.ts";
export { wasmEd25519 } from "./wasm_ed25519.ts";
export { nobleEd25519 } from "./noble_ed25519.ts";

// Written by `deno task build wasm`.

/** Bytes of `core.wasm`. */
export const CORE_WASM_BYTES = 43344;

/** SHA-256 of `core.wasm`, lower-case hex. */
export const CORE_WASM_SHA256 = "f8b2e5d362f07086af273e0a69705df79727c4e83379108feee977f006612fe7";

/** What built it, and builds the same bytes again. */
export const CORE_WASM_TOOLCHAIN =
  "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball), Debian LLD 22.1.8, wasm-opt version 108";

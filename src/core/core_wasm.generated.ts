// Written by `deno task build wasm`.

/** Bytes of `core.wasm`. */
export const CORE_WASM_BYTES = 37910;

/** SHA-256 of `core.wasm`, lower-case hex. */
export const CORE_WASM_SHA256 = "b2d7c5fac5362f8d007b44cb8b50ab1389f38ec294189e4f4c11aca5eba91239";

/** What built it, and builds the same bytes again. */
export const CORE_WASM_TOOLCHAIN =
  "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball), Debian LLD 22.1.8, wasm-opt version 108";

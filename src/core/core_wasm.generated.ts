// Written by `deno task build wasm`.

/** Bytes of `core.wasm`. */
export const CORE_WASM_BYTES = 42397;

/** SHA-256 of `core.wasm`, lower-case hex. */
export const CORE_WASM_SHA256 = "df3288165b4b3e139026a335d8f534c56d46682e06cd2130e6d40ef137f771d8";

/** What built it, and builds the same bytes again. */
export const CORE_WASM_TOOLCHAIN =
  "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball), Debian LLD 22.1.8, wasm-opt version 108";

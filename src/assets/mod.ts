/**
 * `assets`: what was built for browsers: the bundles, the WASM that goes into packed
 * pages, and the Host's dashboard.
 *
 * A compiled program carries them. In a checkout they lie in `dist/web`, which is not checked in;
 * when they are missing, or made from other sources than these, they are built first (a second or
 * two). Nothing is read, built or hashed before it is asked for.
 *
 * Needs Deno: no browser loads this room.
 *
 * @module
 */
export {
  coreWasmGzip,
  dashboardPage,
  fullBundle,
  type FullBundleUse,
  runtimeBundle,
} from "./read_assets.ts";

import { join } from "node:path";

/** The built files, below `dist/web`. */
export const ASSET_FILES = {
  /** The full bundle with its own copy of the WASM: for any page with a `<script src>`. */
  site: "gemmapod-shim.iife.js",
  /** The full bundle without it: packed pages carry the WASM themselves. */
  page: "gemmapod-shim.packed.iife.js",
  /** The bundle without a widget. */
  runtime: "gemmapod-runtime.iife.js",
  /** The Host's dashboard: one page with all that it needs. */
  dashboard: "dashboard.html",
  /** `core.wasm`, compressed, for packed pages. */
  core: "core.wasm.gz",
  /** The licences of what is in the bundles. */
  licences: "LICENCES.txt",
  /** Which sources all these were made from. */
  stamp: "stamp",
} as const;

/** One of {@linkcode ASSET_FILES}. */
export type AssetName = keyof typeof ASSET_FILES;

// This file is `<root>/src/assets/asset_files.ts`, in a checkout as in a compiled program.
const HERE = import.meta.dirname ?? ".";

/** The checkout; in a compiled program, the root of what it carries. */
export const ROOT_DIR = join(HERE, "..", "..");

/** Where the built files are. */
export const WEB_DIST_DIR = join(ROOT_DIR, "dist", "web");

/** Source maps: not for shipping. */
export const WEB_MAPS_DIR = join(ROOT_DIR, "dist", "web-maps");

/** The npm package. */
export const NPM_DIST_DIR = join(ROOT_DIR, "dist", "npm");

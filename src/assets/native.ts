/**
 * The second door of `assets`: for `build.ts`, the playground and tests, which make the
 * files or check them.
 *
 * @module
 */
export {
  ASSET_FILES,
  type AssetName,
  NPM_DIST_DIR,
  ROOT_DIR,
  WEB_DIST_DIR,
  WEB_MAPS_DIR,
} from "./asset_files.ts";
export { builtStamp, freshWeb } from "./fresh_web.ts";
export { sourceStamp } from "./source_stamp.ts";
export {
  buildPlayground,
  PLAYGROUND_PAGES,
  type PlaygroundFile,
  type PlaygroundPage,
} from "./playground.ts";

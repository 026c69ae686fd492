/**
 * The second door of `pod`: owner keys and pod folders, which need a file system.
 *
 * @module
 */
export { generateOwnerKey, type OwnerKey, readOwnerKey, writeOwnerKey } from "./owner_key.ts";
export { OWNER_KEY, POD_TOML, type PodDir, readPodDir } from "./pod_dir.ts";

/**
 * `pack`: the packer as functions, and as the commands of `gemmapod-pack`, which `gemmapod` offers
 * too.
 *
 * @module
 */
export { initPod, type InitPodOptions, type MadePod } from "./init_pod.ts";
export { keygen, type MadeKey } from "./keygen.ts";
export { buildPod, type BuildPodOptions, type BuiltPod, type PageAssets } from "./build_pod.ts";
export { type VerifiedPage, verifyPage } from "./verify_page.ts";
export { packCommands } from "./commands/pack_commands.ts";

/**
 * `pack`: the packer as functions.
 *
 * - {@linkcode initPod} and {@linkcode keygen} make a pod folder, {@linkcode doctorPod} looks it
 *   over.
 * - {@linkcode buildPod}, {@linkcode rebuildPod} and {@linkcode repackPage} make its page.
 * - {@linkcode verifyPage} and {@linkcode inspectPage} tell what a page is.
 * - {@linkcode deployPod} puts it on a broker.
 *
 * The commands themselves are behind `native.ts`.
 *
 * @module
 */
export { initPod, type InitPodOptions, type MadePod } from "./init_pod.ts";
export { type TemplateName } from "./template_names.ts";
export { keygen, type MadeKey } from "./keygen.ts";
export { buildPod, type BuildPodOptions, type BuiltPod } from "./build_pod.ts";
export { rebuildPod } from "./rebuild_pod.ts";
export { type RepackedPage, repackPage, type RepackPageOptions } from "./repack_page.ts";
export { type PageAssets } from "./page_assets.ts";
export { type VerifiedPage, verifyPage, type VerifyPageOptions } from "./verify_page.ts";
export { type InspectedPage, inspectPage, type PageSizes } from "./inspect_page.ts";
export { type PageHost } from "./page_hosts.ts";
export { type PageCode, type PageRuntime } from "./page_runtime.ts";
export { doctorPod, type DoctorPodOptions, type PodHealth } from "./doctor/doctor_pod.ts";
export { type Finding } from "./doctor/finding.ts";
export { type DeployedPod, deployPod, type DeployPodOptions } from "./deploy_pod.ts";
export { type Embed } from "./embed.ts";
export { type UploadedPage, uploadPage, type UploadPageOptions } from "./upload_page.ts";
export { qrLines } from "./qr_code.ts";
export { brokerUrlOf, signalUrlOf } from "./broker_url.ts";

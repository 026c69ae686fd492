/**
 * `pod`: what a pod is, in its three forms: `pod.toml`, which its owner edits; the signed manifest,
 * which everybody checks; the packed page, which travels.
 *
 * - {@linkcode parsePodToml} reads a `pod.toml` and says all that is wrong with it at once.
 * - {@linkcode manifestFromPodToml}, {@linkcode signManifest} and {@linkcode verifyManifest} make
 *   and check the manifest.
 * - {@linkcode writePackedPage} and {@linkcode readPackedPage} are the page as a format.
 * - {@linkcode podConfigFromManifest} and {@linkcode parsePodConfig} are what a runtime starts from.
 *
 * Runs in Deno, Node and browsers. Owner keys and pod folders are behind `native.ts`.
 *
 * @module
 */
export {
  DEFAULT_SIGNAL_URL,
  type FallbackModel,
  type FallbackTier,
  type JsonValue,
  type Manifest,
  MANIFEST_VERSION,
  type ManifestCapability,
  type ManifestDartc,
  type ManifestDirect,
  type ManifestEvent,
  type ManifestEvents,
  type ManifestFallback,
  type ManifestTool,
  type ManifestTransport,
  type ManifestUi,
  MAX_SIGNED_MANIFEST_BYTES,
  TRANSPORT_NAMES,
  type TransportName,
} from "./manifest.ts";
export { verifyManifest } from "./verify_manifest.ts";
export { encodeManifest } from "./encode_manifest.ts";
export { encodeManifestSmall, encodeSignedSmall } from "./small_cbor.ts";
export { signManifest } from "./sign_manifest.ts";
export { type HasPodId, isPodId, MAX_POD_ID_CHARS, podIdOf, slugOf } from "./pod_id.ts";
export {
  type CapabilityConfig,
  type DartcConfig,
  type DirectConfig,
  type EventConfig,
  type EventsConfig,
  type FallbackConfig,
  type IceServerConfig,
  parsePodConfig,
  type PodConfig,
  podIdOfConfig,
  type TransportConfig,
  type UiConfig,
} from "./pod_config.ts";
export { podConfigFromManifest } from "./pod_config_from_manifest.ts";
export { manifestFromPodToml, type ManifestFromPodTomlOptions } from "./manifest_from_pod_toml.ts";
export {
  type PodToml,
  type PodTomlDartc,
  type PodTomlEvents,
  type PodTomlFallback,
  type PodTomlLimits,
  type PodTomlLlm,
  type PodTomlTransport,
  type PodTomlUi,
  resolveModel,
  type UnsupportedPromise,
  unsupportedPromises,
} from "./pod_toml.ts";
export { type ParsedPodToml, parsePodToml, type ParsePodTomlOptions } from "./parse_pod_toml.ts";
export { PodTomlError, type PodTomlIssue } from "./pod_toml_issue.ts";
export { nearestName } from "./nearest_name.ts";
export { shown } from "./shape.ts";
export { type TomlLines, tomlLines, type TomlPath } from "./toml_lines.ts";
export { type UnknownKey, unknownKeys } from "./unknown_keys.ts";
export { BOOT_CALL, ENTRY_GUARD, MAX_PAGE_BYTES, PAGE_GLOBALS } from "./packed_page.ts";
export { type PackedPage, readPackedPage } from "./read_packed_page.ts";
export { writePackedPage, type WritePackedPageOptions } from "./write_packed_page.ts";

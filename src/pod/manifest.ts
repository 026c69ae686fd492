/** The schema version that this build writes, and the newest that it reads (manifest.md). */
export const MANIFEST_VERSION = 1;

/**
 * The most bytes a signed manifest may have: a `dartc.hello` carries it as base64, and must fit its
 * frame even where a signer of the field wrote the payload as an array of integers (dartc.md,
 * "Sizes and backpressure").
 */
export const MAX_SIGNED_MANIFEST_BYTES = 32 * 1024;

/** The rendezvous that a pod names where its owner names none (manifest.md, "pod.toml"). */
export const DEFAULT_SIGNAL_URL = "wss://signal.gemmapod.com/signal";

/** The names of the transports, in the order in which a browser tries them by default. */
export const TRANSPORT_NAMES = ["dartc", "fallback", "direct"] as const;

/** One of {@linkcode TRANSPORT_NAMES}. */
export type TransportName = typeof TRANSPORT_NAMES[number];

/** The in-browser models that have a short name. */
export const FALLBACK_TIERS = ["e2b", "e4b"] as const;

/** One of {@linkcode FALLBACK_TIERS}. */
export type FallbackTier = typeof FALLBACK_TIERS[number];

/** What a value of JSON can be. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Where the Host is met: `transport.dartc`. */
export interface ManifestDartc {
  /** `ws(s)` or `http(s)`. */
  readonly signal_url: string;
  readonly pod_id: string;
  /** A visitor refuses a Host that does not prove its owner. */
  readonly require_proof?: boolean | null;
  /** Whether the sealed relay may be used; absent is true. */
  readonly relay?: boolean | null;
}

/** An OpenAI-compatible endpoint that the page calls itself, for development. */
export interface ManifestDirect {
  readonly base_url: string;
}

/** A model that a visitor may pick. */
export interface FallbackModel {
  readonly id: string;
  readonly label: string;
  /** Megabytes to download. */
  readonly sizeMB: number;
}

/** The in-browser model. */
export interface ManifestFallback {
  /** One of {@linkcode FALLBACK_TIERS}, from our writers. */
  readonly tier?: string | null;
  /** An explicit model id. */
  readonly model?: string | null;
  readonly models?: readonly FallbackModel[] | null;
}

/** The ways to the model. */
export interface ManifestTransport {
  /** The order of the browser; legacy manifests say `webrtc` for `dartc`. */
  readonly preferred?: readonly string[] | null;
  readonly dartc?: ManifestDartc | null;
  readonly direct?: ManifestDirect | null;
  readonly fallback?: ManifestFallback | null;
}

/** One entry of the signed allow-list of tools. */
export interface ManifestTool {
  readonly name: string;
  readonly description: string;
}

/** A `CUSTOM` event that the Host sends around each run. */
export interface ManifestEvent {
  readonly name: string;
  readonly value?: JsonValue;
}

/** What the Host sends around a run, and which UI tools it enables. */
export interface ManifestEvents {
  readonly on_run_started?: readonly ManifestEvent[] | null;
  readonly on_run_finished?: readonly ManifestEvent[] | null;
  readonly enable_tools?: readonly string[] | null;
}

/** Something that the pod asks of the visitor's environment. */
export interface ManifestCapability {
  readonly name: string;
  readonly required?: boolean | null;
  /** `high` asks the visitor each time. */
  readonly risk?: string | null;
}

/** What the widget shows. */
export interface ManifestUi {
  readonly title?: string | null;
  /** Shown, never sent to the model. */
  readonly greeting?: string | null;
  readonly starters?: readonly string[] | null;
  /** A CSS colour. */
  readonly accent?: string | null;
  readonly launcher?: boolean | null;
  readonly mode?: string | null;
  /** The path of the pod's own script, as its owner named it. */
  readonly entry?: string | null;
  /** SHA-256 of that script's bytes, lower-case hex. */
  readonly entry_sha256?: string | null;
}

/**
 * A signed manifest as it was signed: nulls stand, `preferred` stands. Whoever uses it treats null
 * as absent and `webrtc` in `preferred` as `dartc` ({@linkcode podConfigFromManifest} does).
 */
export interface Manifest {
  readonly v: number;
  readonly id: string;
  readonly name: string;
  readonly persona: string;
  readonly system_prompt: string;
  readonly model?: string | null;
  /** 64 hex digits. */
  readonly owner_pubkey: string;
  readonly transport: ManifestTransport;
  readonly tools: readonly ManifestTool[];
  readonly events?: ManifestEvents | null;
  readonly capabilities?: readonly ManifestCapability[] | null;
  readonly ui?: ManifestUi | null;
}

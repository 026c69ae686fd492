import {
  FALLBACK_TIERS,
  type FallbackModel,
  type FallbackTier,
  type JsonValue,
  type ManifestTool,
  TRANSPORT_NAMES,
  type TransportName,
} from "./manifest.ts";
import { slugOf } from "./pod_id.ts";
import {
  filledText,
  finite,
  flag,
  json,
  listOf,
  objectOf,
  oneOf,
  optional,
  type Reader,
  refuse,
  text,
  url,
} from "./shape.ts";

/** What `RTCPeerConnection` takes as an ICE server. */
export interface IceServerConfig {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** How the Host is met. */
export interface DartcConfig {
  readonly signalUrl: string;
  readonly podId: string;
  readonly iceServers?: readonly IceServerConfig[];
  /** Refuse a Host that does not prove its owner. */
  readonly requireProof?: boolean;
  /** Whether the sealed relay may be used; absent is true. */
  readonly relay?: boolean;
}

/** The in-browser model. */
export interface FallbackConfig {
  readonly model?: string;
  readonly tier?: FallbackTier;
  readonly models?: readonly FallbackModel[];
  /** Where transformers.js comes from. */
  readonly cdnUrl?: string;
  /** Where the model's files come from. */
  readonly modelBaseUrl?: string;
}

/** An OpenAI-compatible endpoint, for development. */
export interface DirectConfig {
  readonly baseUrl: string;
}

/** The ways to the model, at least one. */
export interface TransportConfig {
  /** The order; what is configured and not named here follows in the default order. */
  readonly preferred?: readonly TransportName[];
  readonly dartc?: DartcConfig;
  readonly fallback?: FallbackConfig;
  readonly direct?: DirectConfig;
}

/** What the widget shows. */
export interface UiConfig {
  readonly title?: string;
  /** Shown, never sent to the model. */
  readonly greeting?: string;
  readonly starters?: readonly string[];
  /** A CSS colour. */
  readonly accent?: string;
  readonly launcher?: boolean;
  readonly mode?: string;
  readonly entry?: string;
  readonly entrySha256?: string;
}

/** One `CUSTOM` event around a run. */
export interface EventConfig {
  readonly name: string;
  readonly value?: JsonValue;
}

/** What comes around each run. */
export interface EventsConfig {
  readonly onRunStarted?: readonly EventConfig[];
  readonly onRunFinished?: readonly EventConfig[];
  readonly enableTools?: readonly string[];
}

/** Something that the pod asks of its environment. */
export interface CapabilityConfig {
  readonly name: string;
  readonly required?: boolean;
  /** `high` asks the visitor each time. */
  readonly risk?: string;
}

/** What a runtime is made from (runtime.md, "Configuration"). */
export interface PodConfig {
  readonly name: string;
  /** The pod's id where no `transport.dartc.podId` names one. */
  readonly id?: string;
  readonly persona?: string;
  readonly systemPrompt?: string;
  readonly model?: string;
  readonly conversationId?: string;
  readonly tools?: readonly ManifestTool[];
  readonly signedManifestB64?: string;
  /** Of a verified manifest: 64 lower-case hex digits. */
  readonly ownerPubkey?: string;
  readonly events?: EventsConfig;
  readonly capabilities?: readonly CapabilityConfig[];
  readonly ui?: UiConfig;
  readonly transport: TransportConfig;
}

const optionalText = optional(text);

const event = objectOf<EventConfig>({ name: text, value: json });

const tool = objectOf<ManifestTool>({ name: text, description: text });

const fallbackModel = objectOf<FallbackModel>({ id: text, label: text, sizeMB: finite });

const urls: Reader<string | string[]> = (value, key) =>
  Array.isArray(value) ? listOf(text)(value, key) : text(value, key);

const transportName: Reader<TransportName> = (value, key) =>
  value === "webrtc" ? "dartc" : oneOf(TRANSPORT_NAMES)(value, key);

const dartc = objectOf<DartcConfig>({
  signalUrl: url("ws", "wss", "http", "https"),
  podId: filledText,
  iceServers: optional(
    listOf(objectOf<IceServerConfig>({ urls, username: optionalText, credential: optionalText })),
  ),
  requireProof: optional(flag),
  relay: optional(flag),
});

const transport = objectOf<TransportConfig>({
  preferred: optional(listOf(transportName)),
  dartc: optional(dartc),
  fallback: optional(objectOf<FallbackConfig>({
    model: optional(filledText),
    tier: optional(oneOf(FALLBACK_TIERS)),
    models: optional(listOf(fallbackModel)),
    cdnUrl: optional(filledText),
    modelBaseUrl: optional(filledText),
  })),
  direct: optional(objectOf<DirectConfig>({ baseUrl: url("http", "https") })),
});

const config = objectOf<PodConfig>({
  name: filledText,
  id: optional(filledText),
  persona: optionalText,
  systemPrompt: optionalText,
  model: optional(filledText),
  conversationId: optional(filledText),
  tools: optional(listOf(tool)),
  signedManifestB64: optional(filledText),
  ownerPubkey: optionalText,
  events: optional(objectOf<EventsConfig>({
    onRunStarted: optional(listOf(event)),
    onRunFinished: optional(listOf(event)),
    enableTools: optional(listOf(text)),
  })),
  capabilities: optional(listOf(objectOf<CapabilityConfig>({
    name: filledText,
    required: optional(flag),
    risk: optionalText,
  }))),
  ui: optional(objectOf<UiConfig>({
    title: optionalText,
    greeting: optionalText,
    starters: optional(listOf(text)),
    accent: optionalText,
    launcher: optional(flag),
    mode: optionalText,
    entry: optionalText,
    entrySha256: optionalText,
  })),
  transport: (value, key) => transport(withDartc(value, key), key),
});

/**
 * A configuration as an embedder writes it, checked: null is absent, `transport.webrtc` is read as
 * `transport.dartc`, keys that nobody knows are left out.
 *
 * Throws `TypeError` naming the key, what was found there and what was expected.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePodConfig } from "./mod.ts";
 *
 * const transport = { dartc: { signalUrl: "wss://signal.example/signal", podId: "ada" } };
 * assert.equal(parsePodConfig({ name: "Ada", transport }).transport.dartc?.podId, "ada");
 * assert.throws(() => parsePodConfig({ name: "Ada", transport: { dartc: {} } }), {
 *   name: "TypeError",
 *   message: /transport\.dartc\.signalUrl/,
 * });
 * ```
 */
export function parsePodConfig(value: unknown): PodConfig {
  if (typeof value !== "object" || value === null) return refuse(value, "pod config", "an object");
  const read = config(value, "");
  const { dartc, fallback, direct } = read.transport;
  if (dartc === undefined && fallback === undefined && direct === undefined) {
    return refuse(undefined, "transport", "at least one of dartc, fallback and direct in it");
  }
  return read;
}

/**
 * The id under which a configured pod is addressed and its conversation kept:
 * `transport.dartc.podId`, else `id`, else the name made a slug.
 */
export function podIdOfConfig(config: Pick<PodConfig, "id" | "name" | "transport">): string {
  return config.transport.dartc?.podId ?? config.id ?? (slugOf(config.name) || "pod");
}

function withDartc(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "webrtc")) return value;
  const { webrtc, ...rest }: { webrtc?: unknown; dartc?: unknown } = value;
  if (webrtc === undefined || webrtc === null) return rest;
  if (rest.dartc !== undefined && rest.dartc !== null) {
    return refuse(webrtc, `${key}.webrtc`, "no old name beside transport.dartc");
  }
  return { ...rest, dartc: webrtc };
}

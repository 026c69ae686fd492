import type { FallbackModel, FallbackTier, TransportName } from "./manifest.ts";
import type { ManifestCapability, ManifestEvent, ManifestTool } from "./manifest.ts";

/** Which endpoint serves a pod: the owner's business, never packed. */
export interface PodTomlLlm {
  readonly provider?: string;
  readonly provider_url?: string;
  readonly model?: string;
  /** The models that a visitor's request may name. */
  readonly models?: readonly string[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  /** Tokens of context; a Host's default is 4,096. */
  readonly context?: number;
  /** A duration as `5m`, or seconds. */
  readonly keep_alive?: string | number;
}

/** What a pod allows itself; absent is the Host's own limit, which these only narrow. */
export interface PodTomlLimits {
  readonly runs_at_once?: number;
  readonly queue?: number;
  readonly messages_per_conversation_day?: number;
  readonly max_question_chars?: number;
}

/** Where the Host is met. */
export interface PodTomlDartc {
  readonly signal_url: string;
  readonly pod_id: string;
  readonly require_proof?: boolean;
  readonly relay?: boolean;
}

/** The in-browser model. */
export interface PodTomlFallback {
  readonly tier?: FallbackTier;
  readonly model?: string;
  readonly models?: readonly FallbackModel[];
}

/** The ways to the model, at least one. */
export interface PodTomlTransport {
  readonly preferred: readonly TransportName[];
  readonly dartc?: PodTomlDartc;
  readonly fallback?: PodTomlFallback;
  readonly direct?: { readonly base_url: string };
}

/** What a Host sends around a run. */
export interface PodTomlEvents {
  readonly on_run_started?: readonly ManifestEvent[];
  readonly on_run_finished?: readonly ManifestEvent[];
  readonly enable_tools?: readonly string[];
}

/** What the widget shows. */
export interface PodTomlUi {
  readonly entry?: string;
  readonly mode?: string;
  readonly title?: string;
  readonly greeting?: string;
  readonly starters?: readonly string[];
  readonly accent?: string;
  readonly launcher?: boolean;
}

/**
 * A `pod.toml` that holds, its keys named as in the file, its defaults filled in, its old names
 * replaced by today's.
 */
export interface PodToml {
  readonly name: string;
  /** As written, else `transport.dartc.pod_id`, else the name made a slug. */
  readonly id: string;
  readonly persona: string;
  readonly system_prompt: string;
  readonly model?: string;
  readonly llm?: PodTomlLlm;
  readonly owner?: { readonly pubkey?: string };
  readonly transport: PodTomlTransport;
  readonly tools: readonly ManifestTool[];
  readonly events?: PodTomlEvents;
  readonly capabilities?: readonly ManifestCapability[];
  readonly ui?: PodTomlUi;
  readonly limits?: PodTomlLimits;
}

/**
 * The model that serves a pod where no flag says otherwise: `[llm].model`, else `model`. Undefined
 * where the owner left it to the Host.
 */
export function resolveModel(pod: Pick<PodToml, "llm" | "model">): string | undefined {
  return pod.llm?.model ?? pod.model;
}

/** A promise to visitors that this release cannot keep. */
export interface UnsupportedPromise {
  readonly key: string;
  /** What to do about it. */
  readonly message: string;
}

/**
 * The promises of a `pod.toml` that no part of this release keeps. A packer that signed them, or a
 * Host that served them, would let visitors rely on what is not there, so both refuse.
 */
export function unsupportedPromises(pod: Pick<PodToml, "transport">): UnsupportedPromise[] {
  const { require_proof, relay } = pod.transport.dartc ?? {};
  const promises: UnsupportedPromise[] = [];
  if (require_proof === true) {
    promises.push({
      key: "transport.dartc.require_proof",
      message: "this release cannot prove the owner of a Host; take require_proof = true out",
    });
  }
  if (relay === true) {
    promises.push({
      key: "transport.dartc.relay",
      message: "this release has no sealed relay; take relay = true out",
    });
  }
  return promises;
}

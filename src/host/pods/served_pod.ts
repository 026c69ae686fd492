import { CodedError } from "../../base/mod.ts";
import {
  podIdOf,
  type PodToml,
  type PodTomlIssue,
  resolveModel,
  unsupportedPromises,
} from "../../pod/mod.ts";
import { type PodDir, readPodDir } from "../../pod/native.ts";
import { DEFAULT_ICE_SERVERS, type IceServer } from "../../rtc/mod.ts";
import { signalUrl } from "../../signaling/mod.ts";
import { DEMO_MODEL } from "../model/demo_model.ts";
import type { ProviderSettings } from "../model/provider.ts";

/** What a call to `addPodFromDir` may set over a pod's `pod.toml`. */
export interface PodOverrides {
  /** `--model` */
  readonly model?: string;
  /** `--provider-url` */
  readonly providerUrl?: string;
}

/** What of the Host's settings a pod's depend on. */
export interface PodDefaults {
  readonly provider: "endpoint" | "demo";
  readonly ollamaUrl: string;
  readonly apiKey?: string;
  readonly ownerPubkey?: string;
  readonly contactJson?: string;
  readonly toolTimeLimitMs?: number;
  readonly iceServers?: readonly IceServer[];
}

/** A pod as a Host serves it: its `pod.toml`, with everything that was left open settled. */
export interface ServedPod {
  /** The id it is registered, addressed and stored under. */
  readonly id: string;
  readonly dir: string;
  readonly pod: PodToml;
  readonly warnings: readonly PodTomlIssue[];
  /** For lists; a visitor's manifest may name another where this is undefined. */
  readonly model: string | undefined;
  readonly modelOverride?: string;
  /** A visitor may name any model that the endpoint lists, where nobody else names one. */
  readonly takesListedModels?: true;
  readonly provider: ProviderSettings;
  /** `ws:` or `wss:`. */
  readonly signalUrl: string;
  /** Manifests of others are refused, where there is one. */
  readonly ownerPubkey?: string;
  /** What `share_contact` answers where the folder has no `contacts.json`. */
  readonly contactJson?: string;
  /** How long each tool call may take, in milliseconds; undefined where the default holds. */
  readonly toolTimeLimitMs?: number;
  readonly iceServers: readonly IceServer[];
  /** Whether the broker, and so most likely the visitor too, is on this machine. */
  readonly sameMachine: "likely" | "unknown";
}

/**
 * Reads a pod's folder and settles what it leaves open.
 *
 * Rejects with `PodTomlError`, or {@linkcode CodedError} `no_pod`, `no_rendezvous`,
 * `owner_mismatch`,
 * `unsupported_promise`.
 */
export async function servePodDir(
  dir: string,
  defaults: PodDefaults,
  overrides: PodOverrides = {},
): Promise<ServedPod> {
  return servedPod(await readPodDir(dir), defaults, overrides);
}

/**
 * Settles what a pod leaves open. Throws {@linkcode CodedError} `no_rendezvous`, `owner_mismatch`,
 * `unsupported_promise`.
 */
export function servedPod(
  { dir, pod, warnings }: Pick<PodDir, "dir" | "pod" | "warnings">,
  defaults: PodDefaults,
  overrides: PodOverrides = {},
): ServedPod {
  const { dartc } = pod.transport;
  if (dartc === undefined) {
    throw new CodedError(
      "no_rendezvous",
      `Cannot serve ${pod.name}: its pod.toml has no [transport.dartc], so no visitor finds a Host`,
    );
  }
  const [promise] = unsupportedPromises(pod);
  if (promise !== undefined) {
    throw new CodedError("unsupported_promise", `Cannot serve ${pod.name}: ${promise.message}`);
  }
  const demo = defaults.provider === "demo";
  const ownerPubkey = ownerOf(pod, defaults.ownerPubkey);
  const { model } = overrides;
  const { contactJson, toolTimeLimitMs } = defaults;
  return {
    id: podIdOf(pod),
    dir,
    pod,
    warnings,
    model: demo ? DEMO_MODEL : model ?? resolveModel(pod),
    ...(demo ? { modelOverride: DEMO_MODEL } : model === undefined ? {} : { modelOverride: model }),
    provider: demo ? { kind: "demo" } : {
      kind: "endpoint",
      url: overrides.providerUrl ?? pod.llm?.provider_url ?? defaults.ollamaUrl,
      ...(defaults.apiKey === undefined ? {} : { apiKey: defaults.apiKey }),
    },
    signalUrl: signalUrl(dartc.signal_url),
    ...(ownerPubkey === undefined ? {} : { ownerPubkey }),
    ...(contactJson === undefined ? {} : { contactJson }),
    ...(toolTimeLimitMs === undefined ? {} : { toolTimeLimitMs }),
    iceServers: defaults.iceServers ?? iceServersFor(dartc.signal_url),
    sameMachine: isLoopback(dartc.signal_url) ? "likely" : "unknown",
  };
}

/** The key that visitors' manifests must carry: of the Host for all its pods, else of the pod. */
function ownerOf(pod: PodToml, ofHost: string | undefined): string | undefined {
  const ofPod = pod.owner?.pubkey?.toLowerCase();
  if (ofHost !== undefined && ofPod !== undefined && ofHost.toLowerCase() !== ofPod) {
    throw new CodedError(
      "owner_mismatch",
      `Cannot serve ${pod.name}: its [owner] pubkey is another than OWNER_PUBKEY of this Host`,
    );
  }
  return ofHost?.toLowerCase() ?? ofPod;
}

/**
 * The STUN servers for a broker: none where it is on this machine, because then so are the
 * visitors, and a machine that is offline need not wait for an answer from outside.
 */
export function iceServersFor(brokerUrl: string): readonly IceServer[] {
  return isLoopback(brokerUrl) ? [] : DEFAULT_ICE_SERVERS;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname);
}

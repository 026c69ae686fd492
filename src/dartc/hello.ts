import { isHex, isObject, isString, isStringArray, stringOrUndefined } from "../base/mod.ts";
import type { Feature } from "./features.ts";
import type { Frame } from "./frame.ts";
import { A2A_VERSION, DARTC_VERSION } from "./limits.ts";
import type { PeerInfo } from "./session_events.ts";
import { SUPPORTED_TOPICS } from "./topics.ts";

/** The most names of features or topics that are read from a hello. */
const MAX_NAMES = 256;

/** What our hello says. */
export interface HelloOptions {
  role: "visitor" | "origin";
  podId: string;
  publicKeyHex: string;
  features: readonly Feature[];
  topics?: readonly string[];
  conversationId?: string;
  signedManifestB64?: string;
}

/** What a hello says, checked. */
export interface Hello extends PeerInfo {
  readonly conversationId?: string;
  readonly signedManifestB64?: string;
}

/** The payload of our `dartc.hello` (dartc.md, "Sessions"). */
export function helloPayload(options: HelloOptions): Record<string, unknown> {
  return {
    role: options.role,
    pod_id: options.podId,
    conversation_id: options.conversationId,
    agent_id: `${options.role}:${options.publicKeyHex}`,
    protocol_versions: { dartc: DARTC_VERSION, a2a: A2A_VERSION },
    supported_topics: [...SUPPORTED_TOPICS, ...options.topics ?? []],
    signedManifestB64: options.signedManifestB64,
    features: options.features.length === 0 ? undefined : [...options.features],
  };
}

/**
 * The public key that a hello names: the last `:`-part of `from` when it is 64 hex digits, else of
 * `payload.agent_id`; undefined where neither is.
 */
export function helloKey(frame: Frame): string | undefined {
  const agentId = isObject(frame.payload) ? frame.payload.agent_id : undefined;
  return keyIn(frame.from) ?? (isString(agentId) ? keyIn(agentId) : undefined);
}

/** What a hello says, or what is wrong with it. */
export function readHello(payload: unknown, publicKeyHex: string): Hello | string {
  if (!isObject(payload)) return "its payload is not an object";
  const { role, pod_id, conversation_id, signedManifestB64 } = payload;
  if (role !== "visitor" && role !== "origin" && role !== "agent" && role !== "relay") {
    return "its role is none that DARTC has";
  }
  for (const [name, value] of Object.entries({ pod_id, conversation_id, signedManifestB64 })) {
    if (value !== undefined && value !== null && !isString(value)) return `its ${name} is not text`;
  }
  return {
    publicKeyHex,
    role,
    podId: stringOrUndefined(pod_id),
    conversationId: stringOrUndefined(conversation_id),
    signedManifestB64: stringOrUndefined(signedManifestB64),
    features: new Set(names(payload.features)),
    supportedTopics: names(payload.supported_topics),
  };
}

function keyIn(name: string): string | undefined {
  const last = name.slice(name.lastIndexOf(":") + 1);
  return isHex(last, 32) ? last : undefined;
}

function names(value: unknown): string[] {
  return isStringArray(value) ? value.slice(0, MAX_NAMES) : [];
}

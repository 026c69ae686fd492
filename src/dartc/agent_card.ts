import { isObject, isString, isStringArray, type JsonObject } from "../base/mod.ts";
import { A2A_VERSION, DARTC_VERSION } from "./limits.ts";
import { SUPPORTED_TOPICS } from "./topics.ts";

/** One thing that an agent can do. */
export interface AgentSkill {
  id: string;
  name: string;
  description: string;
  tags: string[];
}

/** One extension that an agent speaks. */
export interface AgentExtension {
  uri: string;
  version: string;
  [member: string]: unknown;
}

/** An Agent Card of A2A 0.2.2 in DARTC's shape (dartc.md, "Agent Card"). */
export interface AgentCard {
  protocolVersion: string;
  name: string;
  description: string;
  /** Only where the public address of the page is known. */
  url?: string;
  capabilities: {
    streaming: boolean;
    pushNotifications: boolean;
    stateTransitionHistory: boolean;
  };
  skills: AgentSkill[];
  provider?: { organization: string; url?: string };
  extensions: AgentExtension[];
}

/** What of a manifest, or of a `pod.toml`, an Agent Card is made from. */
export interface CardSource {
  id: string;
  name: string;
  persona?: string | null;
  owner_pubkey?: string | null;
  transport?: unknown;
  tools?: readonly { name: string; description: string }[] | null;
}

/** Options of {@linkcode originCard}. */
export interface OriginCardOptions {
  /** The public address of the page, where it is known. */
  pageUrl?: string;
}

const DARTC_EXTENSION = "https://gemmapod.com/protocols/dartc";
const POD_EXTENSION = "https://gemmapod.com/extensions/pod";
const PROVIDER = { organization: "GemmaPod", url: "https://gemmapod.com" } as const;

/**
 * The Agent Card of a Host, of the pod's manifest. Only a verified manifest has tools and an owner
 * to show: leave both out of anything else.
 *
 * @example
 * ```ts
 * import { originCard } from "./agent_card.ts";
 *
 * const card = originCard({
 *   id: "hello-pod",
 *   name: "Hello",
 *   persona: "Says hello",
 *   tools: [{ name: "share_contact", description: "Shares contact details" }],
 * });
 * if (card.skills[1]?.id !== "tool:share_contact") throw new Error("no skill");
 * ```
 */
export function originCard(source: CardSource, options: OriginCardOptions = {}): AgentCard {
  const { pageUrl } = options;
  return {
    ...cardBase(source.name, source.persona ?? ""),
    ...(pageUrl === undefined ? {} : { url: pageUrl }),
    skills: [
      {
        id: "gemmapod-chat",
        name: "Chat",
        description: `Chat with ${source.name}`,
        tags: ["chat"],
      },
      ...(source.tools ?? []).map(({ name, description }) => ({
        id: `tool:${name}`,
        name,
        description,
        tags: ["tool", "signed-manifest"],
      })),
    ],
    provider: { ...PROVIDER },
    extensions: [dartcExtension(), {
      uri: POD_EXTENSION,
      version: "1",
      pod_id: source.id,
      ...(source.owner_pubkey ? { owner_pubkey: source.owner_pubkey } : {}),
      ...(isObject(source.transport) ? { transport: source.transport } : {}),
    }],
  };
}

/** The Agent Card of a visitor. */
export function visitorCard(name = "GemmaPod visitor"): AgentCard {
  return {
    ...cardBase(name, "Chats with a pod on somebody's behalf"),
    skills: [{
      id: "gemmapod-chat-client",
      name: "Chat client",
      description: "Asks questions and reads streamed answers",
      tags: ["chat"],
    }],
    provider: { ...PROVIDER },
    extensions: [dartcExtension()],
  };
}

/**
 * The card that an `a2a.discovery` frame carries, in `payload` or in `a2a`; undefined where there is
 * none. Members that a card of another implementation lacks are filled in, others are kept.
 */
export function readAgentCard(...places: readonly unknown[]): AgentCard | undefined {
  for (const place of places) {
    if (isObject(place) && place.kind === "AgentCard" && isObject(place.card)) {
      const { card } = place;
      if (isString(card.name)) return complete(card, card.name);
    }
  }
  return undefined;
}

function complete(card: JsonObject, name: string): AgentCard {
  const base = cardBase(name, isString(card.description) ? card.description : "");
  const capabilities = isObject(card.capabilities) ? card.capabilities : {};
  const { url, provider, ...others } = card;
  return {
    ...others,
    ...base,
    protocolVersion: isString(card.protocolVersion) ? card.protocolVersion : A2A_VERSION,
    ...(isString(url) ? { url } : {}),
    capabilities: {
      streaming: capabilities.streaming === true,
      pushNotifications: capabilities.pushNotifications === true,
      stateTransitionHistory: capabilities.stateTransitionHistory === true,
    },
    skills: listOf(card.skills, isSkill),
    ...(isProvider(provider) ? { provider } : {}),
    extensions: listOf(card.extensions, isExtension),
  };
}

function cardBase(name: string, description: string) {
  return {
    protocolVersion: A2A_VERSION,
    name,
    description,
    capabilities: { streaming: true, pushNotifications: false, stateTransitionHistory: false },
  };
}

function dartcExtension(): AgentExtension {
  return { uri: DARTC_EXTENSION, version: DARTC_VERSION, topics: [...SUPPORTED_TOPICS] };
}

function listOf<T>(value: unknown, isOne: (item: unknown) => item is T): T[] {
  return Array.isArray(value) ? value.filter(isOne) : [];
}

function isSkill(value: unknown): value is AgentSkill {
  return isObject(value) && isString(value.id) && isString(value.name) &&
    isString(value.description) && isStringArray(value.tags);
}

function isExtension(value: unknown): value is AgentExtension {
  return isObject(value) && isString(value.uri) && isString(value.version);
}

function isProvider(value: unknown): value is { organization: string; url?: string } {
  return isObject(value) && isString(value.organization) &&
    (value.url === undefined || isString(value.url));
}

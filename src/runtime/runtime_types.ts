import type { MaybePromise } from "../base/mod.ts";
import type { AgentCard } from "../dartc/mod.ts";
import type { PodConfig } from "../pod/mod.ts";
import type { RuntimeChatApi } from "./chat_types.ts";
import type { RuntimeEventBus } from "./event_bus.ts";
import type { RuntimeStateStore } from "./state_store.ts";
import type { RuntimeTransport, RuntimeTransportState } from "./transport_types.ts";

/** Where the widget goes. */
export type GemmaPodMountTarget = HTMLElement | null;

/** One pod at work (seed 003, section 3). */
export interface GemmaPodRuntime {
  /** Of this object; not kept anywhere. */
  readonly id: string;
  readonly podId: string;
  /** The current conversation; the key to its history. */
  readonly conversationId: string;
  /** The config that the runtime uses. */
  readonly manifest: PodConfig;
  readonly transport: RuntimeTransportState;
  readonly capabilities: RuntimeCapabilityRegistry;
  readonly events: RuntimeEventBus;
  readonly state: RuntimeStateStore;
  readonly chat: RuntimeChatApi;
  readonly a2a: RuntimeA2AApi;
  /**
   * Resolves when a transport is ready; at once where one is. Rejects with a `CodedError` when all
   * failed; the runtime then goes on trying by itself where that can help.
   */
  connect(): Promise<void>;
  /**
   * Shows the pod where the build has a widget, and asks for the capabilities that it requires; else
   * warns once and does nothing. Rejects with `capability_refused`, and shows nothing then.
   */
  mount(target: GemmaPodMountTarget): Promise<void>;
  /** Ends everything; what was said is kept. Safe to call twice. */
  destroy(): Promise<void>;
  /** The transport in use. */
  getTransport(): RuntimeTransport | null;
}

/** The other side's Agent Card. */
export interface RuntimeA2AApi {
  /** Null until `a2a.card`. */
  readonly card: AgentCard | null;
}

/** What a pod may do in this environment (seed 003, section 10). */
export interface RuntimeCapabilityRegistry {
  has(name: string): boolean;
  /** The granted ones, in the order in which they were granted. */
  list(): string[];
  grant(name: string): void;
  revoke(name: string): void;
  /**
   * Asks for a capability that the manifest declares, and does what it allows.
   *
   * Resolves to what came of it, `true` where the environment has nothing to run. Rejects with
   * `capability_undeclared`, `capability_refused`, `bad_input` (what is wrong is in the message) or
   * `capability_failed`. `risk = "high"` asks each time.
   *
   * @param input JSON; the visitor sees it, and what is done is done with a copy of it
   */
  request<T = unknown>(name: string, input?: unknown): Promise<T>;
  /**
   * Asks for what the manifest requires and is not granted yet; `mount` does it, and a headless
   * embedder may before it shows anything. Rejects with `capability_refused`.
   */
  requestRequired(): Promise<void>;
  /** Who is asked; the widget sets it, or a headless embedder. Unset refuses. */
  onRequest: ((request: CapabilityRequest) => MaybePromise<boolean>) | undefined;
}

/** A question to the visitor: may this pod do that? */
export interface CapabilityRequest {
  /** As it was asked for; `network.fetch:api.example` where the pod requires that host. */
  readonly name: string;
  readonly input: unknown;
  readonly risk: string | undefined;
  readonly required: boolean;
}

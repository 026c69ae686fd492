import type { MaybePromise } from "../base/mod.ts";
import type { Ed25519 } from "../core/mod.ts";
import type { PodConfig } from "../pod/mod.ts";
import type { Clock } from "./clock.ts";
import type { GemmaPodRuntime } from "./runtime_types.ts";
import type { RuntimeTransport, TransportEvent } from "./transport_types.ts";

/** Where the conversation is kept. Any of these may throw: the runtime goes on without. */
export interface StorageAdapter {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  /** Tells of a change that another tab or process made; returns how to stop it. */
  onChange?(handler: (key: string) => void): () => void;
}

/** The keys of sessions. */
export interface CryptoAdapter {
  ed25519(): MaybePromise<Ed25519>;
}

/** What a transport is made with. */
export interface TransportContext {
  readonly config: PodConfig;
  readonly podId: string;
  /** The conversation to name in the next hello. */
  conversationId(): string;
  readonly crypto: CryptoAdapter;
  readonly clock: Clock;
  emit(event: TransportEvent): void;
}

/** Makes the transports that this environment has. */
export interface TransportAdapterFactory {
  /** Returns undefined for a transport that is not built in. Throws when it cannot work here. */
  create(name: string, context: TransportContext): RuntimeTransport | undefined;
}

/** Shows a runtime to a person: the widget in a browser. */
export interface UiAdapter {
  /** Shows it in `target`; returns how to take it away. */
  mount(target: unknown, runtime: GemmaPodRuntime): MaybePromise<() => void>;
}

/**
 * What the environment tells the runtime: the network went or came, the page is shown again, or it
 * is going away (`hidden` is not: the page lives on).
 */
export type LifecycleSignal = "online" | "offline" | "visible" | "pagehide" | "pageshow";

/** The signals of the environment. */
export interface LifecycleAdapter {
  /** False only where it is known that there is no network. */
  isOnline(): boolean;
  subscribe(handler: (signal: LifecycleSignal) => void): () => void;
}

/** The name of a capability, as in `storage.local`. */
export type RuntimeCapability = string;

/** Whose capability it is. */
export interface CapabilityContext {
  readonly podId: string;
  readonly config: PodConfig;
}

/**
 * Does what a granted capability allows, and returns what comes of it. The input is a copy of what
 * the caller gave, as JSON, and may be anything: throws `bad_input` with what is wrong.
 */
export type CapabilityAction = (
  input: unknown,
  context: CapabilityContext,
) => MaybePromise<unknown>;

/** What an environment gives the runtime (seed 003, section 12). */
export interface RuntimeAdapter {
  readonly environment: "browser" | "cli" | "server" | "worker";
  readonly storage: StorageAdapter;
  readonly crypto: CryptoAdapter;
  readonly transport: TransportAdapterFactory;
  /** Absent where nothing can be shown: `mount` then warns once and does nothing. */
  readonly ui?: UiAdapter;
  /** What is granted without asking. */
  readonly capabilities: readonly RuntimeCapability[];
  /** What `capabilities.request` runs once it is granted. */
  readonly actions?: Readonly<Record<string, CapabilityAction>>;
  readonly lifecycle?: LifecycleAdapter;
  /** @default the platform's */
  readonly clock?: Clock;
}

/**
 * What seeds 003 and 004 promise of types, as types: it does not compile where one is missing or
 * other. `npm_package_test.ts` compiles it once more against the declarations that are published.
 */
import type * as GemmaPod from "../../../web/entry-site.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true
  : false;
type Fits<A, B> = A extends B ? true : false;
/** Takes what is true, and nothing else. */
type All<T extends readonly true[]> = T;

type Runtime = GemmaPod.GemmaPodRuntime;
type EventType = GemmaPod.RuntimeEvent["type"];

/** Section 2: what the global has. */
export type Global = All<[
  Fits<(config: GemmaPod.PodConfig) => Runtime, typeof GemmaPod.create>,
  Equal<ReturnType<typeof GemmaPod.mount>, Promise<Runtime>>,
  Equal<ReturnType<typeof GemmaPod.mountPod>, Promise<GemmaPod.MountedPod>>,
  Equal<ReturnType<typeof GemmaPod.boot>, Promise<GemmaPod.MountedPod | undefined>>,
  Equal<
    Parameters<typeof GemmaPod.attachBrowserFallbackPrepare>,
    [host: HTMLElement, runtime: Runtime]
  >,
  Fits<Runtime, Parameters<typeof GemmaPod.quickTransportStatus>[0]>,
  Fits<
    ReturnType<typeof GemmaPod.quickTransportStatus>,
    { phase: string; transportName: string | undefined; detail: string }
  >,
  Fits<GemmaPod.DartcUiEvent, Parameters<typeof GemmaPod.mapDartcUiEventToAgUi>[0]>,
  Fits<ReturnType<typeof GemmaPod.initCore>, Promise<unknown>>,
  Fits<ReturnType<typeof GemmaPod.wasmInit>, Promise<void>>,
  Fits<ReturnType<typeof GemmaPod.defineElement>, CustomElementConstructor>,
  Equal<
    keyof typeof GemmaPod.GemmaPodCore,
    "verifyManifest" | "signManifest" | "signBytes" | "verifyBytes" | "generateKey"
  >,
  Fits<
    Awaited<ReturnType<typeof GemmaPod.GemmaPodCore.generateKey>>,
    { publicKey: string; secretKey: string }
  >,
]>;

/** Section 3: the runtime object. */
export type RuntimeObject = All<[
  Equal<GemmaPod.GemmaPodMountTarget, HTMLElement | null>,
  Fits<Runtime, {
    readonly id: string;
    readonly podId: string;
    readonly conversationId: string;
    readonly manifest: GemmaPod.PodConfig;
    readonly transport: GemmaPod.RuntimeTransportState;
    readonly capabilities: GemmaPod.RuntimeCapabilityRegistry;
    readonly events: GemmaPod.RuntimeEventBus;
    readonly state: GemmaPod.RuntimeStateStore;
    readonly chat: GemmaPod.RuntimeChatApi;
    readonly a2a: GemmaPod.RuntimeA2AApi;
    connect(): Promise<void>;
    mount(target: GemmaPod.GemmaPodMountTarget): Promise<void>;
    destroy(): Promise<void>;
    getTransport(): GemmaPod.Transport | null;
  }>,
  Equal<
    Runtime["transport"]["status"],
    "idle" | "connecting" | "ready" | "error" | "destroyed"
  >,
  Fits<Runtime["transport"], { ownerVerified: boolean; trace: readonly { transport: string }[] }>,
  Fits<Runtime["transport"]["dartcEvents"][number], { stage: GemmaPod.DartcStage }>,
]>;

/** Section 4: the options of `mountPod`, and what it gives. */
export type MountPod = All<[
  Equal<GemmaPod.MountPodOptions["ui"], "chat" | "none" | undefined>,
  Equal<GemmaPod.MountPodOptions["fallbackUi"], "default" | "none" | HTMLElement | undefined>,
  Equal<
    GemmaPod.MountPodOptions["fallbackPlacement"],
    "before" | "after" | "prepend" | undefined
  >,
  Equal<GemmaPod.MountPodOptions["fallbackMountParent"], HTMLElement | undefined>,
  Fits<GemmaPod.MountedPod, { runtime: Runtime; destroy(): Promise<void> }>,
]>;

/** Section 6: the event bus, and exactly its events. */
export type Events = All<[
  Equal<
    EventType,
    | "runtime.ready"
    | "runtime.destroyed"
    | "runtime.error"
    | "transport.connecting"
    | "transport.ready"
    | "transport.updated"
    | "transport.fallback"
    | "transport.dartc"
    | "a2a.card"
    | "ui.event"
    | "chat.history"
    | "state.changed"
  >,
  Fits<GemmaPod.RuntimeEventBus, {
    on<T extends EventType>(
      type: T,
      handler: (event: Extract<GemmaPod.RuntimeEvent, { type: T }>) => void,
    ): () => void;
    once<T extends EventType>(
      type: T,
      handler: (event: Extract<GemmaPod.RuntimeEvent, { type: T }>) => void,
    ): () => void;
    emit(event: GemmaPod.RuntimeEvent): void;
  }>,
  Equal<
    Extract<GemmaPod.RuntimeEvent, { type: "ui.event" }>["event"],
    GemmaPod.DartcUiEvent
  >,
  Fits<Extract<GemmaPod.RuntimeEvent, { type: "transport.fallback" }>, {
    from: string;
    to: string;
  }>,
  Fits<Extract<GemmaPod.RuntimeEvent, { type: "state.changed" }>, { state: unknown }>,
  Fits<Extract<GemmaPod.RuntimeEvent, { type: "a2a.card" }>, { card: GemmaPod.AgentCard }>,
  Equal<
    GemmaPod.DartcUiEvent["type"],
    | "RUN_STARTED"
    | "RUN_FINISHED"
    | "RUN_ERROR"
    | "TEXT_MESSAGE_START"
    | "TEXT_MESSAGE_CONTENT"
    | "TEXT_MESSAGE_END"
    | "TOOL_CALL_START"
    | "TOOL_CALL_ARGS"
    | "TOOL_CALL_END"
    | "TOOL_CALL_RESULT"
    | "STATE_SNAPSHOT"
    | "STATE_DELTA"
    | "MESSAGES_SNAPSHOT"
    | "ACTIVITY_SNAPSHOT"
    | "ACTIVITY_DELTA"
    | "CUSTOM"
    | "RAW"
  >,
  Fits<"TextMessageContent" | "StateDelta" | "Raw", GemmaPod.AgUiEvent["type"]>,
]>;

/** Section 7: chat. */
export type Chat = All<[
  Fits<GemmaPod.RuntimeChatApi, {
    stream(input: string | GemmaPod.RuntimeChatInput): AsyncIterable<GemmaPod.ChatChunk>;
    send(input: string | GemmaPod.RuntimeChatInput): Promise<string>;
    history(): GemmaPod.ChatMessage[];
    setHistory(messages: GemmaPod.ChatMessage[]): void;
    clear(): Promise<void>;
  }>,
  Fits<{
    messages?: GemmaPod.ChatMessage[];
    text?: string;
    model?: string;
    conversationId?: string;
    signal?: AbortSignal;
    metadata?: Record<string, unknown>;
  }, GemmaPod.RuntimeChatInput>,
  Fits<GemmaPod.ChatChunk, {
    delta: string;
    runId: string;
    messageId: string;
    kind?: "text" | "reasoning";
    done?: boolean;
  }>,
  Fits<{ role: "user"; content: string }, GemmaPod.ChatMessage>,
]>;

/** Section 9: the state store. */
export type State = All<[
  Fits<GemmaPod.RuntimeStateStore, {
    get<T = unknown>(path?: string): T;
    set(path: string, value: unknown): Promise<void>;
    replace(value: unknown): Promise<void>;
    apply(delta: GemmaPod.JsonPatchOperation[]): Promise<void>;
    subscribe(handler: (state: unknown) => void): () => void;
  }>,
]>;

/** Section 10: capabilities. */
export type Capabilities = All<[
  Fits<GemmaPod.RuntimeCapabilityRegistry, {
    has(name: string): boolean;
    list(): string[];
    grant(name: string): void;
    revoke(name: string): void;
    request<T>(name: string, input?: unknown): Promise<T>;
  }>,
]>;

/** Sections 12 and 13: adapters and transports. */
export type Adapters = All<[
  Equal<GemmaPod.RuntimeAdapter["environment"], "browser" | "cli" | "server" | "worker">,
  Equal<GemmaPod.RuntimeAdapter["storage"], GemmaPod.StorageAdapter>,
  Equal<GemmaPod.RuntimeAdapter["crypto"], GemmaPod.CryptoAdapter>,
  Equal<GemmaPod.RuntimeAdapter["transport"], GemmaPod.TransportAdapterFactory>,
  Equal<GemmaPod.RuntimeAdapter["ui"], GemmaPod.UiAdapter | undefined>,
  Equal<
    GemmaPod.RuntimeAdapter["capabilities"][number],
    GemmaPod.RuntimeCapability
  >,
  Fits<GemmaPod.RuntimeTransport, {
    readonly name: string;
    readonly state: "idle" | "connecting" | "ready" | "closed" | "error";
    connect(): Promise<void>;
    send(envelope: GemmaPod.DartcEnvelope): Promise<void>;
    subscribe(handler: (envelope: GemmaPod.DartcEnvelope) => void): () => void;
    close(): Promise<void>;
  }>,
]>;

/** Runtime.md, "Configuration". */
export type Config = All<[
  Fits<{
    name: string;
    persona: string;
    systemPrompt: string;
    model: string;
    conversationId: string;
    tools: { name: string; description: string }[];
    signedManifestB64: string;
    transport: {
      preferred: ("dartc" | "fallback" | "direct")[];
      dartc: {
        signalUrl: string;
        podId: string;
        iceServers: { urls: string[]; username: string; credential: string }[];
        requireProof: boolean;
      };
      fallback: { model: string; cdnUrl: string; modelBaseUrl: string };
      direct: { baseUrl: string };
    };
  }, GemmaPod.PodConfig>,
]>;

/** The samples of sections 16 and 17, as an embedder writes them. */
export async function samples(
  pod: typeof GemmaPod,
  config: GemmaPod.PodConfig,
  page: { show(text: string): void; parent: HTMLElement },
): Promise<void> {
  const { runtime, destroy } = await pod.mountPod(null, config, {
    ui: "none",
    fallbackUi: "default",
    fallbackMountParent: page.parent,
  });
  runtime.events.on("ui.event", ({ event }) => {
    if (event.type === "STATE_SNAPSHOT") page.show(JSON.stringify(event.snapshot));
  });
  for await (const chunk of runtime.chat.stream("hello")) page.show(chunk.delta);
  await destroy();
  const element = document.createElement("gemma-pod");
  element.mode = "launcher";
  element.addEventListener("gemmapod:error", ({ detail }) => page.show(detail.message));
  page.show(element.runtime?.podId ?? "");
}

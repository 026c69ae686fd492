import { CodedError } from "../base/mod.ts";
import { type AgentCard, isVisitorConversationId } from "../dartc/mod.ts";
import { parsePodConfig, type PodConfig, podIdOfConfig } from "../pod/mod.ts";
import type { LifecycleSignal, RuntimeAdapter } from "./adapter_types.ts";
import { Capabilities } from "./capabilities.ts";
import { Chat } from "./chat.ts";
import { systemClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { Conversation } from "./conversation.ts";
import { ConversationStorage } from "./conversation_storage.ts";
import { createEventBus } from "./event_bus.ts";
import { newRandomId } from "./ids.ts";
import { route, type RouterTargets } from "./router.ts";
import type { RuntimeEvent } from "./runtime_event.ts";
import type { GemmaPodMountTarget, GemmaPodRuntime } from "./runtime_types.ts";
import { transportOrder } from "./select_transport.ts";
import { createStateStore } from "./state_store.ts";

/** Options of {@linkcode createRuntime}. */
export interface RuntimeOptions {
  /**
   * Capabilities beyond the adapter's.
   * @default []
   */
  readonly capabilities?: readonly string[];
  /**
   * The chance in the waits between reconnections, from 0 up to 1.
   * @default Math.random
   */
  readonly random?: () => number;
}

/**
 * Makes a runtime. It connects with `connect()`, or with the first question.
 *
 * Throws `TypeError` for a wrong config; the message names the key.
 *
 * @example
 * ```ts ignore
 * const runtime = createRuntime(config, browserAdapter());
 * for await (const chunk of runtime.chat.stream("hello")) console.log(chunk.delta);
 * ```
 */
export function createRuntime(
  config: PodConfig,
  adapter: RuntimeAdapter,
  options: RuntimeOptions = {},
): GemmaPodRuntime {
  const parsed = parsePodConfig(config);
  const { conversationId } = parsed;
  if (conversationId !== undefined && !isVisitorConversationId(conversationId)) {
    throw new TypeError(
      "Cannot read conversationId: expected 1 to 128 of A-Z a-z 0-9 _ : . - and no local: before it",
    );
  }
  return new Runtime(parsed, adapter, options);
}

class Runtime implements GemmaPodRuntime {
  readonly id = newRandomId();
  readonly podId: string;
  readonly manifest: PodConfig;
  readonly capabilities: Capabilities;
  readonly events = createEventBus();
  readonly state = createStateStore({
    onChange: (state) => this.#tell({ type: "state.changed", state }),
    onError: (error) => {
      const { code, message } = error;
      this.#tell({ type: "runtime.error", error, code, message });
    },
  });
  readonly chat: Chat;
  readonly #a2a: { card: AgentCard | null } = { card: null };
  readonly #adapter: RuntimeAdapter;
  readonly #conversation: Conversation;
  readonly #connection: Connection;
  readonly #cleanUps = new Set<() => void>();
  /** The conversation that each transport named when it last connected. */
  readonly #greeted = new Map<string, string>();
  #destroyed: Promise<void> | undefined;
  #isOver = false;
  #warned = false;

  constructor(config: PodConfig, adapter: RuntimeAdapter, options: RuntimeOptions) {
    const { clock = systemClock, lifecycle } = adapter;
    this.manifest = config;
    this.podId = podIdOfConfig(config);
    this.#adapter = adapter;
    this.capabilities = new Capabilities({
      granted: [...adapter.capabilities, ...options.capabilities ?? []],
      declared: config.capabilities ?? [],
      actions: adapter.actions ?? {},
      context: { podId: this.podId, config },
    });
    const storage = new ConversationStorage(adapter.storage, this.podId);
    this.#conversation = new Conversation({
      storage,
      clock,
      conversationId: config.conversationId,
      onChange: () =>
        this.#tell({
          type: "chat.history",
          messages: this.chat.history(),
          conversationId: this.conversationId,
        }),
    });
    this.#connection = new Connection({
      order: transportOrder(config),
      clock,
      lifecycle,
      random: options.random,
      create: (name) =>
        adapter.transport.create(name, {
          config,
          podId: this.podId,
          conversationId: () => {
            this.#greeted.set(name, this.conversationId);
            return this.conversationId;
          },
          crypto: adapter.crypto,
          clock,
          emit: (event) => {
            if (this.#destroyed === undefined) route(this.#targets, name, event);
          },
        }),
      // The Host tells the thread and the state of the conversation that its visitor names.
      isStale: (name) => (this.#greeted.get(name) ?? this.conversationId) !== this.conversationId,
      emit: (event) => this.#tell(event),
    });
    this.chat = new Chat({
      conversation: this.#conversation,
      clock,
      ready: () => this.#connection.ready,
      connect: () => this.connect(),
      onConversation: () => {
        if (JSON.stringify(this.state.get()) !== "{}") void this.state.replace({});
      },
      greetAgain: () => this.#connection.renew(),
    });
    this.#listen(storage);
  }

  get conversationId(): string {
    return this.#conversation.id;
  }

  get transport(): GemmaPodRuntime["transport"] {
    return this.#connection.state;
  }

  get a2a(): GemmaPodRuntime["a2a"] {
    return this.#a2a;
  }

  connect(): Promise<void> {
    return this.#connection.connect();
  }

  async mount(target: GemmaPodMountTarget): Promise<void> {
    if (this.#destroyed !== undefined) {
      throw new CodedError("destroyed", "Cannot mount: the pod was closed");
    }
    const { ui } = this.#adapter;
    if (ui === undefined) {
      if (!this.#warned) {
        console.warn("gemmapod: this build has no widget: use runtime.chat and runtime.events");
      }
      this.#warned = true;
      return;
    }
    const unmount = await ui.mount(target, this);
    if (this.#destroyed !== undefined) return unmount();
    this.#cleanUps.add(unmount);
    try {
      await this.capabilities.requestRequired();
    } catch (error) {
      if (this.#cleanUps.delete(unmount)) unmount(); // else `destroy` has taken it away
      throw error;
    }
  }

  destroy(): Promise<void> {
    if (this.#destroyed === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#destroyed = promise; // who hears of the end and asks for it has asked for this one
      resolve(this.#end());
    }
    return this.#destroyed;
  }

  getTransport(): ReturnType<GemmaPodRuntime["getTransport"]> {
    return this.#connection.ready ?? null;
  }

  async #end(): Promise<void> {
    this.chat.destroy();
    for (const cleanUp of this.#cleanUps) {
      this.#cleanUps.delete(cleanUp);
      try {
        cleanUp();
      } catch (error) {
        console.error("gemmapod: something could not be closed", error);
      }
    }
    await this.#connection.close();
    this.#tell({ type: "runtime.destroyed" });
    this.#isOver = true;
  }

  /** What a page still does with its history and its state after `destroy` is told to nobody. */
  #tell(event: RuntimeEvent): void {
    if (!this.#isOver) this.events.emit(event);
  }

  #listen(storage: ConversationStorage): void {
    const stopStorage = this.#adapter.storage.onChange?.((key) => {
      if (key === storage.currentKey || key === storage.earlierKey) this.#conversation.refresh();
    });
    if (stopStorage !== undefined) this.#cleanUps.add(stopStorage);
    const stopLifecycle = this.#adapter.lifecycle?.subscribe((signal) => this.#onSignal(signal));
    if (stopLifecycle !== undefined) this.#cleanUps.add(stopLifecycle);
  }

  #onSignal(signal: LifecycleSignal): void {
    switch (signal) {
      case "online":
      case "visible":
      case "pageshow":
        this.#conversation.refresh(); // a page that slept was not told what other tabs wrote
        return this.#connection.wake();
      case "offline":
        return; // what stands may go on standing: a Host may be on this machine
      case "pagehide":
        // There may be no other moment to keep what there is of an answer.
        this.chat.onLeaving();
        return this.#connection.suspend();
    }
  }

  get #targets(): RouterTargets {
    return {
      events: this.events,
      state: this.state,
      conversation: this.#conversation,
      chat: this.chat,
      connection: this.#connection,
      setCard: (card) => {
        this.#a2a.card = card;
        this.events.emit({ type: "a2a.card", card });
      },
    };
  }
}

import { nobleEd25519 } from "../../../src/core/mod.ts";
import type { PodConfig } from "../../../src/pod/mod.ts";
import {
  createRuntime,
  type GemmaPodRuntime,
  type LifecycleSignal,
  memoryStorage,
  type RuntimeAdapter,
  type RuntimeEvent,
} from "../../../src/runtime/mod.ts";
import { type FakeClock, fakeClock } from "./fake_clock.ts";
import { FakeTransport } from "./fake_transport.ts";

/** A runtime whose environment is the test. */
export interface FakeRuntime extends AsyncDisposable {
  readonly runtime: GemmaPodRuntime;
  readonly clock: FakeClock;
  /** Every event of the bus, in order. */
  readonly events: RuntimeEvent[];
  /** The transport of a name, made when the runtime first asks for it. */
  transport(name?: string): FakeTransport;
  /** What the page tells. */
  signal(signal: LifecycleSignal): void;
  /** @default true */
  online: boolean;
}

/** What a test may set. */
export interface FakeRuntimeOptions {
  readonly config?: Partial<PodConfig>;
  readonly adapter?: Partial<RuntimeAdapter>;
  /** Prepares each transport as it is made; returns false for one that is not built in. */
  prepare?(transport: FakeTransport): boolean | void;
}

const EVENT_TYPES: readonly RuntimeEvent["type"][] = [
  "runtime.ready",
  "runtime.destroyed",
  "runtime.error",
  "transport.connecting",
  "transport.ready",
  "transport.updated",
  "transport.fallback",
  "transport.dartc",
  "a2a.card",
  "ui.event",
  "chat.history",
  "state.changed",
];

/** A pod that has the `dartc` transport alone. */
export const DARTC_CONFIG: PodConfig = {
  name: "Test pod",
  transport: { dartc: { signalUrl: "ws://127.0.0.1:1/signal", podId: "test-pod" } },
};

/** Makes one. */
export function fakeRuntime(options: FakeRuntimeOptions = {}): FakeRuntime {
  const clock = fakeClock();
  const transports = new Map<string, FakeTransport>();
  const events: RuntimeEvent[] = [];
  let tell: (signal: LifecycleSignal) => void = () => {};
  const fake: { online: boolean } = { online: true };
  const runtime = createRuntime({ ...DARTC_CONFIG, ...options.config }, {
    environment: "browser",
    storage: memoryStorage(),
    crypto: { ed25519: nobleEd25519 },
    capabilities: [],
    clock,
    lifecycle: {
      isOnline: () => fake.online,
      subscribe(handler) {
        tell = handler;
        return () => tell = () => {};
      },
    },
    transport: {
      create(name, context) {
        const transport = new FakeTransport(name, context);
        if (options.prepare?.(transport) === false) return undefined;
        transports.set(name, transport);
        return transport;
      },
    },
    ...options.adapter,
  }, { random: () => 1 });
  for (const type of EVENT_TYPES) runtime.events.on(type, (event) => events.push(event));
  return {
    runtime,
    clock,
    events,
    transport(name = "dartc") {
      const transport = transports.get(name);
      if (transport === undefined) throw new Error(`no transport ${name}`);
      return transport;
    },
    signal: (signal) => tell(signal),
    get online() {
      return fake.online;
    },
    set online(value) {
      fake.online = value;
    },
    [Symbol.asyncDispose]: () => runtime.destroy(),
  };
}

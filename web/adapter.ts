import type { MaybePromise } from "../src/base/mod.ts";
import type { Ed25519 } from "../src/core/mod.ts";
import {
  createDartcTransport,
  createDirectTransport,
  type LifecycleAdapter,
  type RuntimeAdapter,
  type StorageAdapter,
  type TransportAdapterFactory,
  type UiAdapter,
} from "../src/runtime/mod.ts";
import { browserActions } from "./capabilities/actions.ts";
import { openWebRtcChannel } from "./transports/webrtc_channel.ts";

/** What differs between the two bundles. */
export interface BrowserAdapterOptions {
  /** The keys of sessions; asked for when a connection begins. */
  ed25519(): MaybePromise<Ed25519>;
  /** The widget, in the bundle that has one; with it `ui.render` is granted. */
  readonly ui?: UiAdapter;
}

/** What every browser grants without asking (seed 003, section 10). */
const DEFAULT_CAPABILITIES = [
  "storage.local",
  "transport.dartc",
  "transport.direct",
  "transport.browser-fallback",
] as const;

/** What a browser gives the runtime: a page, or a worker, which has neither storage nor widget. */
export function browserAdapter(options: BrowserAdapterOptions): RuntimeAdapter {
  const { ui } = options;
  return {
    environment: typeof document === "undefined" ? "worker" : "browser",
    storage: localStorageAdapter(),
    crypto: { ed25519: () => options.ed25519() },
    transport: browserTransports,
    lifecycle: browserLifecycle,
    actions: browserActions,
    capabilities: ui === undefined ? DEFAULT_CAPABILITIES : ["ui.render", ...DEFAULT_CAPABILITIES],
    ...ui !== undefined && { ui },
  };
}

/** `localStorage`, which throws at the first touch where it is blocked: the runtime bears that. */
function localStorageAdapter(): StorageAdapter {
  return {
    getItem: (key) => localStorage.getItem(key),
    setItem: (key, value) => localStorage.setItem(key, value),
    removeItem: (key) => localStorage.removeItem(key),
    onChange(handler) {
      const onStorage = ({ key }: { readonly key: string | null }) => {
        if (key !== null) handler(key);
      };
      return listen("storage", onStorage);
    },
  };
}

const browserTransports: TransportAdapterFactory = {
  create(name, context) {
    switch (name) {
      case "dartc":
        return createDartcTransport({ context, openChannel: openWebRtcChannel });
      case "direct":
        return createDirectTransport({ context });
      default:
        return undefined; // the selector says so in its trace
    }
  },
};

const browserLifecycle: LifecycleAdapter = {
  isOnline: () => navigator.onLine !== false,
  subscribe(handler) {
    const stops = [
      listen("online", () => handler("online")),
      listen("offline", () => handler("offline")),
      listen("pagehide", () => handler("pagehide")),
      listen("pageshow", () => handler("pageshow")),
    ];
    if (typeof document !== "undefined") {
      const onVisibility = () => {
        if (document.visibilityState === "visible") handler("visible");
      };
      document.addEventListener("visibilitychange", onVisibility);
      stops.push(() => document.removeEventListener("visibilitychange", onVisibility));
    }
    return () => stops.forEach((stop) => stop());
  },
};

/** Listens on the window, or on what a worker has in its place; returns how to stop. */
function listen<K extends keyof WindowEventMap>(
  type: K,
  handler: (event: WindowEventMap[K]) => void,
): () => void {
  // The global scope of a worker has the events that it fires under the same names.
  const scope = globalThis as unknown as Window;
  scope.addEventListener(type, handler);
  return () => scope.removeEventListener(type, handler);
}

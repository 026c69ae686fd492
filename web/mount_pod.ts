import type { PodConfig } from "../src/pod/mod.ts";
import type {
  GemmaPodMountTarget,
  GemmaPodRuntime,
  RuntimeCapabilityRegistry,
} from "../src/runtime/mod.ts";
import type { WidgetOptions } from "./ui/render_widget.tsx";

/** Options of `mountPod` (seed 003, section 4). */
export interface MountPodOptions extends WidgetOptions {
  /**
   * `none` mounts no widget; the page talks to `runtime.chat` itself.
   * @default "chat"
   */
  ui?: "chat" | "none";
  /**
   * Asks the visitor what the pod may do: `runtime.capabilities.onRequest` from the beginning. With
   * it `ui: "none"` asks for what the pod requires as well, and rejects where that is refused.
   * @default the widget's own prompt; without a widget nobody is asked yet
   */
  onRequest?: NonNullable<RuntimeCapabilityRegistry["onRequest"]>;
  /**
   * Where the panel of the in-browser model goes. This build has no such model: nothing is placed.
   * @default "default" where `config.transport.fallback` is set
   */
  fallbackUi?: "default" | "none" | HTMLElement;
  /** @default "before" */
  fallbackPlacement?: "before" | "after" | "prepend";
  /** For `ui: "none"` with `fallbackUi: "default"`. */
  fallbackMountParent?: HTMLElement;
}

/** A pod at work on a page. */
export interface MountedPod {
  readonly runtime: GemmaPodRuntime;
  /** Takes the widget away and closes the connection. What was said is kept. */
  destroy(): Promise<void>;
}

/** Makes the runtime of one bundle: with a widget, or without. */
export type MakeRuntime = (config: PodConfig, options: WidgetOptions) => GemmaPodRuntime;

/**
 * What `mountPod` does in both bundles: makes the runtime, shows it, and begins to connect without
 * waiting for it.
 *
 * Rejects with `TypeError` for a wrong config, and for `ui: "chat"` without an element; with
 * `capability_refused` where the visitor refuses what the pod requires.
 */
export async function mountPodWith(
  make: MakeRuntime,
  target: GemmaPodMountTarget,
  config: PodConfig,
  options: MountPodOptions,
): Promise<MountedPod> {
  const { ui = "chat", onRequest } = options;
  if (ui !== "chat" && ui !== "none") {
    throw new TypeError(`Cannot mount the pod: ui must be "chat" or "none"`);
  }
  // A page that is plain JavaScript may have looked for it in a list.
  if (ui === "chat" && (target ?? null) === null) {
    throw new TypeError(`Cannot mount the pod: the element is ${target}, and ui is "chat"`);
  }
  const runtime = make(config, options);
  const { capabilities } = runtime;
  if (onRequest !== undefined) capabilities.onRequest = onRequest;
  await startRuntime(runtime, () => {
    if (ui === "chat") return runtime.mount(target);
    return onRequest && capabilities.requestRequired();
  });
  return { runtime, destroy: () => runtime.destroy() };
}

/** What `mount` does in both bundles. Rejects with `TypeError` for a wrong config. */
export async function mountWith(
  make: MakeRuntime,
  target: GemmaPodMountTarget,
  config: PodConfig,
): Promise<GemmaPodRuntime> {
  const runtime = make(config, {});
  await startRuntime(runtime, () => runtime.mount(target));
  return runtime;
}

/** Begins to connect, and shows the runtime meanwhile; what cannot be shown is destroyed. */
async function startRuntime(
  runtime: GemmaPodRuntime,
  show: () => Promise<void> | undefined,
): Promise<void> {
  // What goes wrong is in `runtime.transport` and on `runtime.error`, where a widget shows it.
  runtime.connect().catch(() => {});
  try {
    await show();
  } catch (error) {
    await runtime.destroy();
    throw error;
  }
}

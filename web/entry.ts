/**
 * The full bundle, `window.GemmaPod`: runtime, widget, boot and the WASM core (runtime.md, "Two
 * bundles, one source"; seed 003, sections 2 and 4).
 *
 * @module
 */
import { defaultEd25519, provideCore } from "../src/core/mod.ts";
import type { PodConfig } from "../src/pod/mod.ts";
import {
  createRuntime,
  type GemmaPodMountTarget,
  type GemmaPodRuntime,
} from "../src/runtime/mod.ts";
import { browserAdapter } from "./adapter.ts";
import { bootWith } from "./boot.ts";
import { carriedCore } from "./core_source.ts";
import { type MountedPod, type MountPodOptions, mountPodWith, mountWith } from "./mount_pod.ts";
import type { WidgetOptions } from "./ui/render_widget.tsx";
import { widgetUi } from "./widget_ui.ts";

export { mapDartcUiEventToAgUi } from "../src/dartc/mod.ts";
export { quickTransportStatus } from "../src/runtime/mod.ts";
export { attachBrowserFallbackPrepare } from "./browser_model.ts";
export {
  GemmaPodCore,
  type GemmaPodCoreApi,
  initCore,
  type KeyPair,
  wasmInit,
} from "./core_api.ts";
export type { Manifest } from "../src/pod/mod.ts";
export type * from "./types.ts";

// The bundle's own start: whoever asks for the core first gets the copy that came along.
provideCore(carriedCore);

function make(config: PodConfig, options: WidgetOptions = {}): GemmaPodRuntime {
  return createRuntime(
    config,
    browserAdapter({ ed25519: () => defaultEd25519(), ui: widgetUi(options) }),
  );
}

/**
 * Makes a runtime; it connects with `connect()`, or with the first question.
 *
 * Throws `TypeError` for a wrong config; the message names the key.
 */
export function create(config: PodConfig): GemmaPodRuntime {
  return make(config);
}

/** Shows the chat widget in `target` and begins to connect. Rejects with `TypeError`. */
export function mount(target: GemmaPodMountTarget, config: PodConfig): Promise<GemmaPodRuntime> {
  return mountWith(make, target, config);
}

/**
 * Makes a pod at work: widget, connection and a way to end both.
 *
 * Rejects with `TypeError` for a wrong config, and for `ui: "chat"` without an element.
 */
export function mountPod(
  target: GemmaPodMountTarget,
  config: PodConfig,
  options: MountPodOptions = {},
): Promise<MountedPod> {
  return mountPodWith(make, target, config, options);
}

/**
 * Starts a packed page: shows its pod in `target` once its signed manifest is verified; else a red
 * box with the reason. Resolves to undefined then; never rejects.
 */
export function boot(target: HTMLElement | null): Promise<MountedPod | undefined> {
  return bootWith(make, target);
}

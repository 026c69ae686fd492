/**
 * The bundle without a widget, `window.GemmaPod`: runtime and transports, for pages that show the
 * chat themselves (runtime.md, "Two bundles, one source"; seed 003, section 2).
 *
 * @module
 */
import { defaultEd25519, nobleEd25519 } from "../src/core/mod.ts";
import type { PodConfig } from "../src/pod/mod.ts";
import {
  createRuntime,
  type GemmaPodMountTarget,
  type GemmaPodRuntime,
} from "../src/runtime/mod.ts";
import { browserAdapter } from "./adapter.ts";
import { type MountedPod, type MountPodOptions, mountPodWith, mountWith } from "./mount_pod.ts";

export { mapDartcUiEventToAgUi } from "../src/dartc/mod.ts";
export { quickTransportStatus } from "../src/runtime/mod.ts";
export { attachBrowserFallbackPrepare } from "./browser_model.ts";
export type * from "./types.ts";

/**
 * Makes a runtime; it connects with `connect()`, or with the first question.
 *
 * Throws `TypeError` for a wrong config; the message names the key.
 */
export function create(config: PodConfig): GemmaPodRuntime {
  return createRuntime(config, browserAdapter({ ed25519: () => defaultEd25519(nobleEd25519) }));
}

/** Makes a runtime and begins to connect; warns that there is no widget. Rejects with `TypeError`. */
export function mount(target: GemmaPodMountTarget, config: PodConfig): Promise<GemmaPodRuntime> {
  return mountWith(create, target, config);
}

/**
 * Makes a pod at work without a widget: pass `ui: "none"`; `ui: "chat"` warns and shows nothing.
 *
 * Rejects with `TypeError` for a wrong config.
 */
export function mountPod(
  target: GemmaPodMountTarget,
  config: PodConfig,
  options: MountPodOptions = {},
): Promise<MountedPod> {
  return mountPodWith(create, target, config, options);
}

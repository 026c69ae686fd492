import { CodedError } from "../src/base/mod.ts";
import type { GemmaPodRuntime } from "../src/runtime/mod.ts";

/** What {@linkcode attachBrowserFallbackPrepare} gives back. */
export interface FallbackPanel {
  /** Takes the panel out of the page. */
  destroy(): void;
}

/**
 * Shows the panel that prepares the in-browser model.
 *
 * This build has no in-browser model, and says so: it always throws `CodedError`
 * `no_browser_model`, before it touches the page. `mountPod` shows no panel then and goes on.
 */
export function attachBrowserFallbackPrepare(
  _host: HTMLElement,
  _runtime: GemmaPodRuntime,
): FallbackPanel {
  throw new CodedError(
    "no_browser_model",
    "Cannot prepare an in-browser model: this build of GemmaPod has none",
  );
}

import { CodedError, errorMessage } from "../src/base/mod.ts";
import { type PodConfig, podConfigFromManifest, verifyManifest } from "../src/pod/mod.ts";
import type { GemmaPodRuntime } from "../src/runtime/mod.ts";
import { fetchPackedPage } from "./fetch_packed_page.ts";
import type { MountedPod, MountPodOptions } from "./mount_pod.ts";
import { refusalBox } from "./refusal.ts";

/** The name of the element. */
const TAG = "gemma-pod";

/** A `<gemma-pod>`: the pod of a packed page, in the middle of another page. */
export interface GemmaPodElement extends HTMLElement {
  /** Where the packed page is; relative to the document, as in an `<img>`. */
  src: string;
  /**
   * How the chat is shown; any other value counts as none.
   * @default what the pod's `[ui]` says, else `inline`
   */
  mode: string;
  /** The pod at work; undefined before it is mounted, and once it is gone. */
  readonly runtime: GemmaPodRuntime | undefined;
}

/** Why a `<gemma-pod>` shows a red box: the `detail` of `gemmapod:error`. */
export interface GemmaPodElementFailure {
  /** `invalid_page`, `manifest_rejected`, `page_unreachable`, `page_too_large`, … */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
}

/** A pod that is verified and shown: the `detail` of `gemmapod:mounted`. */
export interface GemmaPodElementMounted {
  readonly runtime: GemmaPodRuntime;
}

declare global {
  interface HTMLElementTagNameMap {
    "gemma-pod": GemmaPodElement;
  }
  interface HTMLElementEventMap {
    "gemmapod:error": CustomEvent<GemmaPodElementFailure>;
    "gemmapod:mounted": CustomEvent<GemmaPodElementMounted>;
  }
}

/** Shows a pod in an element: the bundle's own. */
type MountPod = (
  target: HTMLElement,
  config: PodConfig,
  options: MountPodOptions,
) => Promise<MountedPod>;

/**
 * Defines the element, once. Nothing of a pod is shown before the manifest of its page is verified;
 * where that fails, the element shows a red box with the reason, its `data-state` is `error`, and
 * it fires `gemmapod:error`.
 *
 * A change of `src` or `mode` shows the other pod, or the same otherwise; after an error the same
 * `src` once more is another attempt. An element that is moved
 * in the page keeps its pod, one that is taken out lets go of it.
 */
export function definePodElement(mountPod: MountPod): CustomElementConstructor {
  const known = customElements.get(TAG);
  if (known !== undefined) return known;

  // Inside, because `HTMLElement` is only where there are pages.
  class PodElement extends HTMLElement implements GemmaPodElement {
    static readonly observedAttributes = ["src", "mode"];
    #mounted: MountedPod | undefined;
    /** What is shown, or on its way; undefined outside of a page. */
    #wanted: string | undefined;
    #gone = new AbortController();
    /** One after the other: two pods cannot share one shadow root. */
    #turn = Promise.resolve();

    get src(): string {
      return this.getAttribute("src") ?? "";
    }

    set src(value: string) {
      this.setAttribute("src", value);
    }

    get mode(): string {
      return this.getAttribute("mode") ?? "";
    }

    set mode(value: string) {
      this.setAttribute("mode", value);
    }

    get runtime(): GemmaPodRuntime | undefined {
      return this.#mounted?.runtime;
    }

    connectedCallback(): void {
      this.#changed();
    }

    disconnectedCallback(): void {
      this.#changed();
    }

    attributeChangedCallback(): void {
      this.#changed();
    }

    /** Looks again when the script that made these changes is done with them. */
    #changed(): void {
      queueMicrotask(() => {
        const wanted = this.isConnected ? `${this.mode} ${this.src}` : undefined;
        if (wanted === this.#wanted) return;
        this.#wanted = wanted;
        this.#gone.abort();
        this.#mounted?.destroy();
        this.#mounted = undefined;
        const { signal } = this.#gone = new AbortController();
        if (wanted === undefined) this.#leave();
        else this.#turn = this.#turn.then(() => this.#show(signal));
      });
    }

    #leave(): void {
      delete this.dataset.state;
      this.shadowRoot?.replaceChildren(document.createElement("slot"));
    }

    async #show(signal: AbortSignal): Promise<void> {
      if (signal.aborted) return;
      try {
        this.#leave();
        this.dataset.state = "connecting";
        const { signedManifest, manifestB64 } = await fetchPackedPage(this.src, signal);
        const manifest = await verifyManifest(signedManifest);
        signal.throwIfAborted();
        const mode = this.mode;
        const mounted = await mountPod(
          this,
          podConfigFromManifest(manifest, manifestB64),
          mode === "launcher" || mode === "inline" ? { mode } : {},
        );
        if (signal.aborted) return await mounted.destroy();
        this.#mounted = mounted;
        this.#fire("gemmapod:mounted", { runtime: mounted.runtime });
      } catch (error) {
        if (!signal.aborted) this.#refuse(error);
      }
    }

    #refuse(error: unknown): void {
      const message = errorMessage(error);
      this.#wanted = undefined; // the same `src` once more is another attempt
      this.dataset.state = "error";
      (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(refusalBox(message));
      this.#fire("gemmapod:error", {
        code: error instanceof CodedError ? error.code : "failed",
        message,
      });
    }

    #fire(type: string, detail: GemmaPodElementFailure | GemmaPodElementMounted): void {
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    }
  }
  customElements.define(TAG, PodElement);
  return PodElement;
}

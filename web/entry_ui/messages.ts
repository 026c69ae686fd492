import { errorMessage, isFiniteNumber, isObject, isString } from "../../src/base/mod.ts";
import type { DartcUiEvent } from "../../src/dartc/mod.ts";
import type { GemmaPodRuntime } from "../../src/runtime/mod.ts";

/** The version of these messages. */
export const ENTRY_PROTOCOL = 1;

/** What the page says to a pod's own script. */
export type ToEntry =
  /** Once, after `ready`. */
  | {
    type: "init";
    protocol: typeof ENTRY_PROTOCOL;
    podId: string;
    name: string;
    /** `[ui] mode`, as its owner wrote it. */
    mode: string | undefined;
    state: unknown;
  }
  /** The state that the model keeps, whole, at each change. */
  | { type: "state"; state: unknown }
  /** Each event of a run. */
  | { type: "ui.event"; event: DartcUiEvent }
  /** What came of a `send`. */
  | { type: "sent"; answer: string }
  | { type: "sent"; error: string };

/** What a pod's own script says to the page; whatever else it says is not heard. */
export type FromEntry =
  /** It listens. */
  | { type: "ready" }
  /** Says something for the visitor, who sees it in the chat. */
  | { type: "send"; text: string }
  /** Makes its frame so high, in pixels. */
  | { type: "resize"; height: number };

/** The longest question, in characters: a Host takes no longer one (manifest.md, `[limits]`). */
const MAX_TEXT = 16_000;

/**
 * Lets the script in a frame and a runtime talk; what the frame says is a stranger's. The frame goes
 * with the runtime.
 */
export function connectEntry(frame: HTMLIFrameElement, runtime: GemmaPodRuntime): void {
  let [isReady, isAsking] = [false, false];
  const post = (message: ToEntry) => {
    // Its origin is opaque, and has no name.
    if (isReady) frame.contentWindow?.postMessage(message, "*");
  };

  function send(text: string): void {
    if (!text || isAsking) return; // one at a time: no script fills a Host's queue
    isAsking = true;
    runtime.chat.send(text).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error: errorMessage(error) }),
    ).then((outcome) => {
      isAsking = false;
      post({ type: "sent", ...outcome });
    });
  }

  function onMessage({ source, data }: MessageEvent<unknown>): void {
    if (source !== frame.contentWindow || !isObject(data)) return;
    const { type, text, height } = data;
    if (type === "ready" && !isReady) {
      isReady = true;
      const { podId, manifest: { name, ui }, state } = runtime;
      const protocol = ENTRY_PROTOCOL;
      post({ type: "init", protocol, podId, name, mode: ui?.mode, state: state.get() });
    } else if (type === "send" && isString(text) && text.length <= MAX_TEXT) {
      send(text.trim());
    } else if (type === "resize" && isFiniteNumber(height) && height >= 0) {
      // The chat keeps at least half of the page.
      frame.style.height = `min(${height}px,50vh)`;
    }
  }

  addEventListener("message", onMessage);
  runtime.events.on("state.changed", ({ state }) => post({ type: "state", state }));
  runtime.events.on("ui.event", ({ event }) => post({ type: "ui.event", event }));
  runtime.events.on("runtime.destroyed", () => {
    removeEventListener("message", onMessage);
    frame.remove();
  });
}

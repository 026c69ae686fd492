import { errorMessage } from "../../src/base/mod.ts";
import type { GemmaPodRuntime } from "../../src/runtime/mod.ts";
import { refusalBox } from "../refusal.ts";
import { frameHtml } from "./frame_html.ts";
import { connectEntry } from "./messages.ts";
import { signedScript } from "./signed_script.ts";

/**
 * Runs the script of a packed page's own (`[ui] entry`) above the pod, if it is the one whose hash
 * was signed; else says that it was not run. The chat works either way. Never rejects.
 *
 * The script runs in a frame with an origin of its own: it reaches neither the page nor the network
 * nor any storage, and has nothing but messages (`messages.ts`).
 */
export async function mountEntry(runtime: GemmaPodRuntime, target: HTMLElement): Promise<void> {
  const { name, ui } = runtime.manifest;
  if (!ui?.entry) return;
  try {
    const script = await signedScript(ui.entrySha256);
    // The frame's own policy does not keep it from going elsewhere: the page's does.
    document.head.append(
      Object.assign(document.createElement("meta"), {
        httpEquiv: "Content-Security-Policy",
        content: "frame-src 'none'",
      }),
    );
    const frame = Object.assign(document.createElement("iframe"), {
      sandbox: "allow-scripts",
      title: name,
      srcdoc: frameHtml(script),
    });
    frame.style.cssText = "border:0;width:100%;height:0;flex:none";
    // The frame takes what it needs of the page's height, and the pod what is left.
    document.body.style.cssText += ";display:flex;flex-direction:column";
    target.style.cssText += ";flex:1;min-height:0";
    connectEntry(frame, runtime);
    target.before(frame);
  } catch (error) {
    const note = refusalBox("");
    note.dataset.gemmapod = "entry-refused";
    note.textContent = `gemmapod did not run this pod's own script: ${errorMessage(error)}`;
    target.before(note);
  }
}

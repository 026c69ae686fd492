import { errorMessage, fromBase64 } from "../src/base/mod.ts";
import { PAGE_GLOBALS, podConfigFromManifest, verifyManifest } from "../src/pod/mod.ts";
import { pageGlobal } from "./core_source.ts";
import { type MakeRuntime, type MountedPod, mountPodWith } from "./mount_pod.ts";

/**
 * Starts a packed page: verifies the signed manifest that the page carries, and only then shows the
 * pod in `target`.
 *
 * Fails closed: whatever is missing or wrong, the page shows a red box with the reason, and nothing
 * of the manifest. Never rejects; resolves to undefined then.
 */
export async function bootWith(
  make: MakeRuntime,
  target: HTMLElement | null,
): Promise<MountedPod | undefined> {
  try {
    const manifestB64 = pageGlobal(PAGE_GLOBALS.manifest);
    if (manifestB64 === undefined) throw new Error(`this page has no ${PAGE_GLOBALS.manifest}`);
    const manifest = await verifyManifest(fromBase64(manifestB64));
    if (target === null) throw new Error("this page has no element for the pod");
    const config = podConfigFromManifest(manifest, manifestB64);
    return await mountPodWith(make, target, config, { placement: "page" });
  } catch (error) {
    refuse(target ?? document.body, errorMessage(error));
    return undefined;
  }
}

/** The style is set on the element: a page's policy may forbid style sheets and attributes. */
const BOX = {
  boxSizing: "border-box",
  maxWidth: "40rem",
  margin: "2rem auto",
  padding: "1rem 1.25rem",
  border: "2px solid #c62828",
  borderRadius: "0.75rem",
  background: "#fdecea",
  color: "#8c1d18",
  font: "16px/1.5 system-ui, sans-serif",
  overflowWrap: "anywhere",
} as const;

function refuse(place: HTMLElement, reason: string): void {
  const box = document.createElement("div");
  box.setAttribute("role", "alert");
  box.dataset.gemmapod = "refused";
  Object.assign(box.style, BOX);
  box.textContent = `gemmapod refused to mount: ${reason}`;
  place.replaceChildren(box);
  // The packer wrote the pod's name there, and nothing says that it is true.
  document.title = "gemmapod";
}

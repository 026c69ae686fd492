import { errorMessage, fromBase64 } from "../src/base/mod.ts";
import { PAGE_GLOBALS, podConfigFromManifest, verifyManifest } from "../src/pod/mod.ts";
import { pageGlobal } from "./core_source.ts";
import { mountEntry } from "./entry_ui/mount_entry.ts";
import { type MakeRuntime, type MountedPod, mountPodWith } from "./mount_pod.ts";
import { refusalBox } from "./refusal.ts";

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
    const mounted = await mountPodWith(make, target, config, { placement: "page" });
    await mountEntry(mounted.runtime, target);
    return mounted;
  } catch (error) {
    refuse(target ?? document.body, errorMessage(error));
    return undefined;
  }
}

function refuse(place: HTMLElement, reason: string): void {
  place.replaceChildren(refusalBox(reason));
  // The packer wrote the pod's name there, and nothing says that it is true.
  document.title = "gemmapod";
}

import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import {
  encodeManifest,
  manifestFromPodToml,
  MAX_SIGNED_MANIFEST_BYTES,
  podIdOf,
  type PodToml,
} from "../../pod/mod.ts";
import { readPodDir } from "../../pod/native.ts";
import { readEntryScript } from "../entry_script.ts";
import { ownAssets, type PageAssets } from "../page_assets.ts";
import { lastOut } from "../page_place.ts";
import { freshPageOf } from "../rebuild_pod.ts";
import { bad, type Finding, good, warning } from "./finding.ts";

/** What the signature and its CBOR add to a manifest, in bytes. */
const SIGNATURE_BYTES = 90;

/** What a page has beside its parts, in bytes. */
const FRAME_BYTES = 1_200;

/** Whether the pod's own script is there, and one that a browser will run. */
export async function checkEntry(dir: string, pod: PodToml): Promise<Finding[]> {
  const entry = pod.ui?.entry;
  if (entry === undefined) return [];
  try {
    const { bytes } = await readEntryScript(dir, entry);
    return [good("entry", `${join(dir, entry)}, ${bytes.length} bytes`)];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [bad("entry", error.message, "mend the script, or take [ui] entry out of pod.toml")];
  }
}

/** How large the page will be, and whether its manifest fits. */
export async function checkSize(pod: PodToml, assets?: PageAssets): Promise<Finding> {
  const key = "0".repeat(64);
  const manifest = encodeManifest(manifestFromPodToml(pod, key, { entrySha256: key })).length +
    SIGNATURE_BYTES;
  if (manifest > MAX_SIGNED_MANIFEST_BYTES) {
    return bad(
      "size",
      `the manifest will have about ${manifest} bytes, more than ${MAX_SIGNED_MANIFEST_BYTES}`,
      "shorten system_prompt: what is long belongs into a tool that looks it up",
    );
  }
  const { bundle, wasmGzip } = assets ?? await ownAssets();
  const page = bundle.length + Math.ceil((wasmGzip.length + manifest) * 4 / 3) + FRAME_BYTES;
  return good(
    "size",
    `about ${Math.round(page / 1_000)} KB, of which the manifest is ${manifest} bytes`,
  );
}

/** Whether the page is what the folder says. */
export async function checkPage(dir: string): Promise<Finding> {
  const { pod } = await readPodDir(dir);
  const out = await lastOut(dir, podIdOf(pod));
  if (out === undefined) return good("page", "none is built yet: `build` makes it");
  if (await freshPageOf(dir) !== undefined) return good("page", `${out} is up to date`);
  return warning("page", `${out} is older than what it is made of`, "run `rebuild`");
}

import { isUtf8 } from "node:buffer";
import { CodedError } from "../../base/mod.ts";
import { podIdOf, readPackedPage, verifyManifest } from "../../pod/mod.ts";
import { pageScripts } from "../page_scripts.ts";
import type { PodRecord, SpooledPage } from "../registry/registry.ts";
import { HttpError } from "./http_error.ts";

/**
 * What a page says of itself, after its signature held; checked by the same WASM as everywhere.
 *
 * The page is in memory once while this runs, as the bytes that came. Rejects with
 * {@linkcode HttpError} 400 for a page without a manifest that holds.
 */
export async function inspectPage(page: SpooledPage, id: string): Promise<PodRecord> {
  const html = await readWhole(page);
  try {
    if (!isUtf8(html)) throw new HttpError(400, "The page is not UTF-8");
    const { signedManifest } = readPackedPage(html);
    const manifest = await verifyManifest(signedManifest);
    return {
      id,
      sha256: page.sha256,
      blobSize: page.size,
      podId: podIdOf(manifest),
      name: manifest.name,
      ownerPubkey: manifest.owner_pubkey,
      manifestSize: signedManifest.length,
      createdAt: new Date().toISOString(),
      hits: 0,
      scripts: pageScripts(html),
    };
  } catch (error) {
    // Reading and verifying throw these for what the page holds; anything else is a fault of ours.
    if (error instanceof CodedError) throw new HttpError(400, error.message);
    throw error;
  } finally {
    html.buffer.transfer(0); // given back now, and not when the collector gets to it
  }
}

async function readWhole({ path, size }: SpooledPage): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  using file = await Deno.open(path);
  for (let at = 0; at < size;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) throw new Error(`Cannot read the upload back: it ends after ${at} bytes`);
    at += read;
  }
  return bytes;
}

import { CodedError } from "../base/mod.ts";
import { podIdOf } from "../pod/mod.ts";
import { gzipSize } from "./gzip_size.ts";
import { ownAssets, type PageAssets, pageOf, writePage } from "./page_assets.ts";
import { isAddress, readPage, sameBytes } from "./read_page.ts";

/** Options of {@linkcode repackPage}. */
export interface RepackPageOptions {
  /** A path, or an `http(s)` address. */
  page: string;
  /**
   * The page to write; it is replaced as a whole, or not at all.
   * @default the page itself, where it is a file
   */
  out?: string;
  /** @default this release's own */
  assets?: PageAssets;
  /** Told how many bytes of the page are written and compressed, of how many. */
  onProgress?(done: number, total: number): void;
}

/** What {@linkcode repackPage} wrote. */
export interface RepackedPage {
  out: string;
  podId: string;
  name: string;
  ownerPubkey: string;
  /** Of the page, before and now. */
  bytesBefore: number;
  bytes: number;
  gzipBytes: number;
  /** False where the page was what this build writes already. */
  changed: boolean;
}

/**
 * Puts this release's runtime around the signed manifest of a page, byte for byte as it is, with the
 * pod's own script. No key is needed: nothing is signed.
 *
 * Rejects as `readPage` does for a page that does not hold; with {@linkcode CodedError} `bad_out`.
 */
export async function repackPage(options: RepackPageOptions): Promise<RepackedPage> {
  const { page, out = page } = options;
  if (isAddress(out)) {
    throw new CodedError("bad_out", `Cannot write the page to ${out}: name a file with --out`);
  }
  const { bytes: before, packed, manifest } = await readPage(page);
  const html = pageOf({
    manifest,
    signedManifest: packed.signedManifest,
    uiScript: packed.uiScript,
    assets: options.assets ?? await ownAssets(),
  });
  const bytes = await writePage(out, html);
  return {
    out,
    podId: podIdOf(manifest),
    name: manifest.name,
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    bytesBefore: before.length,
    bytes: bytes.length,
    gzipBytes: await gzipSize(bytes, (done) => options.onProgress?.(done, bytes.length)),
    changed: !sameBytes(before, bytes),
  };
}

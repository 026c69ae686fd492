import { type Manifest, podIdOf } from "../pod/mod.ts";
import { gzipSize } from "./gzip_size.ts";
import type { PageAssets } from "./page_assets.ts";
import { type PageRuntime, pageRuntime } from "./page_runtime.ts";
import { readPage } from "./read_page.ts";

/** Where the bytes of a page are. */
export interface PageSizes {
  /** The page. */
  bytes: number;
  /** The page as a server sends it, compressed. */
  gzipBytes: number;
  /** The bundle. */
  bundle: number;
  /** The WASM, as the page carries it: compressed, and a third larger as base64. */
  wasm: number;
  /** The signed manifest, as base64. */
  manifest: number;
  /** The pod's own script, as base64. */
  entry: number;
  /** All else. */
  rest: number;
}

/** All of a page. */
export interface InspectedPage {
  podId: string;
  ownerPubkey: string;
  sizes: PageSizes;
  runtime: PageRuntime;
  /** As it was signed. */
  manifest: Manifest;
}

/** What is in a page whose signature holds. Rejects as `verifyPage` does. */
export async function inspectPage(
  page: string,
  options: { assets?: PageAssets } = {},
): Promise<InspectedPage> {
  const read = await readPage(page);
  const { bytes, packed, manifest } = read;
  const runtime = await pageRuntime(read, options.assets);
  const of = (kind: string) =>
    runtime.code.filter((code) => code.kind === kind).reduce((sum, code) => sum + code.bytes, 0);
  const parts = {
    bundle: of("bundle"),
    wasm: base64Length(of("wasm")),
    manifest: packed.manifestB64.length,
    entry: base64Length(of("entry")),
  };
  const rest = bytes.length - Object.values(parts).reduce((sum, part) => sum + part, 0);
  return {
    podId: podIdOf(manifest),
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    sizes: { bytes: bytes.length, gzipBytes: await gzipSize(bytes), ...parts, rest },
    runtime,
    manifest,
  };
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

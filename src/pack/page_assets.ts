import { dirname } from "node:path";
import { coreWasmGzip, fullBundle } from "../assets/mod.ts";
import { CodedError, errorMessage } from "../base/mod.ts";
import { whyNoFile, writeFileAtomic } from "../base/native.ts";
import { type Manifest, writePackedPage } from "../pod/mod.ts";

/** What every page of a release has in common. */
export interface PageAssets {
  /** The full browser bundle. */
  bundle: string;
  /** `core.wasm`, compressed. */
  wasmGzip: Uint8Array;
}

/** The assets of this build. */
export async function ownAssets(): Promise<PageAssets> {
  const [bundle, wasmGzip] = await Promise.all([fullBundle(), coreWasmGzip()]);
  return { bundle, wasmGzip };
}

/** What {@linkcode pageOf} makes a page of. */
export interface PageParts {
  manifest: Manifest;
  /** The same, signed. */
  signedManifest: Uint8Array;
  /** The pod's own script. */
  uiScript: Uint8Array | undefined;
  assets: PageAssets;
}

/** The page around a signed manifest, as this build writes it: the same parts, the same bytes. */
export function pageOf({ manifest, signedManifest, uiScript, assets }: PageParts): string {
  return writePackedPage({
    signedManifest,
    ...assets,
    title: manifest.ui?.title || manifest.name,
    ...(uiScript === undefined ? {} : { uiScript }),
  });
}

/**
 * Writes a page, for everybody to read, as a whole or not at all; returns its bytes. Rejects with
 * {@linkcode CodedError} `bad_out`.
 */
export async function writePage(out: string, html: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(html);
  try {
    await Deno.mkdir(dirname(out), { recursive: true });
    await writeFileAtomic(out, bytes, { mode: 0o644 });
  } catch (cause) {
    const why = whyNoFile(cause) ?? errorMessage(cause);
    throw new CodedError("bad_out", `Cannot write the page to ${out}: ${why}`, { cause });
  }
  return bytes;
}

import { CodedError, fromBase64, utf8Encode } from "../base/mod.ts";
import { BOOT_CALL, PAGE_GLOBALS } from "../pod/mod.ts";
import { ownAssets, type PageAssets, pageOf } from "./page_assets.ts";
import { type ReadPage, sameBytes, sha256 } from "./read_page.ts";

/** Code that a page carries. */
export interface PageCode {
  /**
   * `bundle`: an inline script that is neither data nor the call of `boot`; `wasm`: the verifier, as
   * the page has it; `entry`: the pod's own script, which its owner signed.
   */
  readonly kind: "bundle" | "wasm" | "entry";
  /** Lower-case hex: what a broker's operator trusts (`gemmapod-signal --trust-runtimes`). */
  readonly sha256: string;
  readonly bytes: number;
  /** Whether this build has the same. */
  readonly known: boolean;
}

/** What runs a page. */
export interface PageRuntime {
  /**
   * Whether the page is, byte for byte, what this build writes around its manifest and script: then
   * nothing else is in it. Any other may do what it likes, whatever its manifest says.
   */
  readonly known: boolean;
  readonly code: readonly PageCode[];
}

/** What runs a page, compared with what this build would put around the same manifest. */
export async function pageRuntime(
  { bytes, packed, manifest }: ReadPage,
  assets?: PageAssets,
): Promise<PageRuntime> {
  const own = assets ?? await ownAssets();
  const { signedManifest, uiScript } = packed;
  const html = new TextDecoder().decode(bytes); // other writers' pages may be no UTF-8
  const ours = pageOf({ manifest, signedManifest, uiScript, assets: own });
  const [bundle, wasm] = await Promise.all([
    sha256(utf8Encode(own.bundle)),
    sha256(Uint8Array.from(own.wasmGzip)),
  ]);
  const code: PageCode[] = [];
  for (const script of bundlesIn(html)) {
    const hash = await sha256(utf8Encode(script));
    code.push({
      kind: "bundle",
      sha256: hash,
      bytes: utf8Encode(script).length,
      known: hash === bundle,
    });
  }
  const carried = wasmIn(html);
  if (carried !== undefined) {
    const hash = await sha256(carried);
    code.push({ kind: "wasm", sha256: hash, bytes: carried.length, known: hash === wasm });
  }
  if (uiScript !== undefined) {
    code.push({
      kind: "entry",
      sha256: await sha256(uiScript),
      bytes: uiScript.length,
      known: false,
    });
  }
  return { known: sameBytes(bytes, utf8Encode(ours)), code };
}

/**
 * Throws {@linkcode CodedError} `invalid_page` where a page carries nothing that could run it, as one
 * that was cut off on its way: its manifest may hold, and its visitors see an empty page.
 *
 * @param page what it is called, for the error
 */
export function requireRuntime(page: string, { bytes }: Pick<ReadPage, "bytes">): void {
  if (bundlesIn(new TextDecoder().decode(bytes)).length > 0) return;
  throw new CodedError(
    "invalid_page",
    `Cannot use ${page}: no whole runtime is in it, so it would show nothing. ` +
      "Was it cut off? Pack it again with `build`, or `repack` it",
  );
}

/** More scripts than any packed page has: what follows is not named. */
const MAX_SCRIPTS = 16;

/**
 * The scripts of a page that are neither data nor the call of `boot`, as a browser hashes them. Good
 * for naming them; whether there is anything else in a page, only a comparison of the whole tells.
 * Linear in the length of the page, whatever it is.
 */
function bundlesIn(html: string): string[] {
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()); // as long as before
  const scripts: string[] = [];
  for (let at = lower.indexOf("<script"); at !== -1 && scripts.length < MAX_SCRIPTS;) {
    const start = lower.indexOf(">", at) + 1;
    const end = lower.indexOf("</script", start);
    if (start === 0 || end === -1) break;
    const text = html.slice(start, end).replace(/\r\n?/g, "\n");
    const isData = /^\s*window\.__GEMMAPOD_\w+ = "/.test(text);
    if (!isData && text.trim() !== "" && text !== BOOT_CALL) scripts.push(text);
    at = lower.indexOf("<script", end);
  }
  return scripts;
}

/** The WASM as the page assigns it, compressed or not. */
function wasmIn(html: string): Uint8Array<ArrayBuffer> | undefined {
  const assignment = new RegExp(`${PAGE_GLOBALS.wasm}\\s*=\\s*["']([A-Za-z0-9+/=]+)["']`);
  const [, base64] = assignment.exec(html) ?? [];
  try {
    return base64 === undefined ? undefined : fromBase64(base64);
  } catch {
    return undefined; // none that a browser could use
  }
}

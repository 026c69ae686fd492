import { join } from "node:path";
import { CodedError } from "../base/mod.ts";
import { ASSET_FILES, type AssetName, WEB_DIST_DIR } from "./asset_files.ts";
import { freshWeb } from "./fresh_web.ts";

/** Where a full bundle goes. */
export type FullBundleUse = "page" | "site";

/**
 * The full browser bundle, as the text of a classic script that may stand inside `<script>`.
 *
 * @param use `page`: for a packed page, which carries the WASM itself; `site`: with its own copy of
 *   the WASM, to be loaded by any page
 *
 * Rejects with `CodedError` `no_assets` where it is not there and cannot be built.
 */
export function fullBundle(use: FullBundleUse = "page"): Promise<string> {
  return text(use);
}

/** The browser bundle without a widget. Rejects as {@linkcode fullBundle} does. */
export function runtimeBundle(): Promise<string> {
  return text("runtime");
}

/**
 * The Host's dashboard, as one HTML page that loads nothing else; it talks to the loopback API of
 * the Host that serves it. Rejects as {@linkcode fullBundle} does.
 */
export function dashboardPage(): Promise<string> {
  return text("dashboard");
}

/**
 * `core.wasm`, compressed by a pinned gzip, so that pages are the same on every machine.
 * Rejects as {@linkcode fullBundle} does.
 */
export function coreWasmGzip(): Promise<Uint8Array<ArrayBuffer>> {
  return bytes("core");
}

async function text(name: AssetName): Promise<string> {
  return new TextDecoder().decode(await bytes(name));
}

async function bytes(name: AssetName): Promise<Uint8Array<ArrayBuffer>> {
  await freshWeb();
  try {
    return await Deno.readFile(join(WEB_DIST_DIR, ASSET_FILES[name]));
  } catch (cause) {
    throw new CodedError("no_assets", `Cannot read ${ASSET_FILES[name]} of this build`, { cause });
  }
}

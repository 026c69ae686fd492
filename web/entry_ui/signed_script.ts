import { fromBase64, toHex, utf8Decode } from "../../src/base/mod.ts";
import { PAGE_GLOBALS } from "../../src/pod/mod.ts";
import { pageGlobal } from "../core_source.ts";

/**
 * The text of the script that the page carries, once it is sure that it is the signed one.
 *
 * Rejects where it is not, where there is none, and where a browser cannot tell: it has no hashes on
 * a page that came over plain http from elsewhere.
 */
export async function signedScript(sha256: string | undefined): Promise<string> {
  const bytes = fromBase64(pageGlobal(PAGE_GLOBALS.ui) ?? "");
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  if (toHex(new Uint8Array(digest)) === sha256?.toLowerCase()) return utf8Decode(bytes);
  throw new Error("it is not the one that was signed");
}

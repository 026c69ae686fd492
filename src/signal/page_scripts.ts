import { CodedError, fromBase64, toBase64, toHex, utf8Encode } from "../base/mod.ts";
import { BOOT_CALL, PAGE_GLOBALS } from "../pod/mod.ts";
import type { PageScripts } from "./registry/registry.ts";

/**
 * What a page runs, if it is nothing but inline scripts of three kinds: data (assignments of base64
 * strings to the globals of a packed page), the call of `boot`, and runtimes, which the broker may
 * know or not. `null` where anything else is among them.
 *
 * The page's WASM counts as a runtime: a stranger's could say that it verified another manifest
 * than the one that we did, and so speak for another's pod.
 *
 * How a page is parsed here decides nothing alone: it is served with the hashes of just these
 * scripts in its CSP, and a browser that finds others runs none of them.
 */
export async function pageScripts(html: string): Promise<PageScripts | null> {
  const scripts = inlineScripts(html);
  if (scripts === undefined) return null;
  const runtimes: string[] = [];
  const hashes: string[] = [];
  for (const script of scripts) {
    const digest = await sha256(utf8Encode(script));
    hashes.push(toBase64(digest));
    const data = assignments(script);
    if (data === undefined) {
      if (script !== BOOT_CALL) runtimes.push(toHex(digest));
      continue;
    }
    for (const { name, value } of data) {
      if (name !== PAGE_GLOBALS.wasm) continue;
      const wasm = decode(value);
      if (wasm === undefined) return null;
      runtimes.push(toHex(await sha256(wasm)));
    }
  }
  return runtimes.length === 0 ? null : { runtimes, hashes };
}

/** More scripts than any packed page has. */
const MAX_SCRIPTS = 16;

/** The scripts of a page as its browser hashes them; undefined where one is not plainly inline. */
function inlineScripts(html: string): string[] | undefined {
  const lower = html.toLowerCase();
  if (lower.length !== html.length) return undefined; // some letters grow, and positions with them
  const scripts: string[] = [];
  for (let at = lower.indexOf("<script"); at !== -1; at = lower.indexOf("<script", at)) {
    const start = at + "<script>".length;
    const end = lower.indexOf("</script", start);
    if (html[start - 1] !== ">" || end === -1 || scripts.length === MAX_SCRIPTS) return undefined;
    scripts.push(html.slice(start, end).replaceAll("\r\n", "\n"));
    at = end;
  }
  return scripts;
}

interface Assignment {
  name: string;
  value: string;
}

const NAMES: readonly string[] = Object.values(PAGE_GLOBALS);

/** The assignments of a script that is nothing else, a line each as `writePackedPage` writes them. */
function assignments(script: string): Assignment[] | undefined {
  const found: Assignment[] = [];
  for (const line of script.split("\n")) {
    if (line.trim() === "") continue;
    const assignment = assignmentOf(line);
    if (assignment === undefined) return undefined;
    found.push(assignment);
  }
  return found;
}

function assignmentOf(line: string): Assignment | undefined {
  const name = NAMES.find((name) => line.startsWith(`window.${name} = "`));
  if (name === undefined || !line.endsWith('";')) return undefined;
  const value = line.slice(`window.${name} = "`.length, -2);
  return /[^A-Za-z0-9+/=]/.test(value) ? undefined : { name, value };
}

function decode(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(base64);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

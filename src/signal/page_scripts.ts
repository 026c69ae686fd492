import { createHash } from "node:crypto";
import { CodedError, fromBase64, utf8Decode } from "../base/mod.ts";
import { BOOT_CALL, ENTRY_GUARD, PAGE_GLOBALS } from "../pod/mod.ts";
import { inlineScripts } from "./inline_scripts.ts";
import type { PageScripts } from "./registry/registry.ts";

/**
 * The version of what {@linkcode pageScripts} decides. A registry that keeps what an older one
 * decided has to look at its pages again.
 */
export const PAGE_SCRIPTS_RULES = 3;

/**
 * What a page runs, if it is nothing but plain elements and inline scripts of three kinds: data
 * (assignments of base64 strings to the globals of a packed page), the call of `boot`, and runtimes,
 * which the broker may know or not. `null` where anything else is among them.
 *
 * The page's WASM counts as a runtime: a stranger's could say that it verified another manifest
 * than the one that we did, and so speak for another's pod. So does the pod's own script, which a
 * runtime may run: it is whatever its owner signed.
 *
 * How a page is parsed here decides nothing alone: it is served with the hashes of just these
 * scripts in its CSP, and a browser that finds others runs none of them.
 *
 * @param html the page's bytes, which are UTF-8: of them no copy is made
 */
export function pageScripts(html: Uint8Array): PageScripts | null {
  const spans = inlineScripts(html);
  if (spans === undefined) return null;
  const total = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  if (total > MAX_SCRIPT_BYTES) return null;
  const runtimes: string[] = [];
  const hashes: string[] = [];
  for (const { start, end } of spans) {
    const script = asParsed(html.subarray(start, end));
    hashes.push(sha256Base64(script));
    const data = assignments(script);
    if (data === undefined) {
      if (!isBootCall(script)) runtimes.push(sha256Hex(script));
      continue;
    }
    for (const { name, value } of data) {
      if (name === PAGE_GLOBALS.manifest) continue;
      const code = decode(value);
      if (code === undefined) return null;
      runtimes.push(sha256Hex(code));
      // Its frame has the policy of the page, and runs these two.
      if (name === PAGE_GLOBALS.ui) hashes.push(sha256Base64(asParsed(code)), GUARD_HASH);
    }
  }
  return runtimes.length === 0 ? null : { runtimes, hashes };
}

const GUARD_HASH = sha256Base64(ENTRY_GUARD);

/** Scripts together: the largest WASM and script of a pod as base64, and a runtime of megabytes. */
const MAX_SCRIPT_BYTES = 24 * 1024 * 1024;

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/**
 * A script as its browser hashes it: line ends are line feeds (HTML 13.2.3.5). The one other change
 * that a browser makes is to NUL, and no script that we know has one.
 */
function asParsed(script: Uint8Array): Uint8Array {
  if (!script.includes(CARRIAGE_RETURN)) return script;
  const parsed = new Uint8Array(script.length);
  let length = 0;
  for (let i = 0; i < script.length; i++) {
    const byte = script[i] ?? 0;
    if (byte !== CARRIAGE_RETURN) parsed[length++] = byte;
    else if (script[i + 1] !== LINE_FEED) parsed[length++] = LINE_FEED;
  }
  return parsed.subarray(0, length);
}

interface Assignment {
  name: string;
  value: string;
}

const NAMES: readonly string[] = Object.values(PAGE_GLOBALS);

/** Lines of data that are read: a packed page has three and blank ones. */
const MAX_DATA_LINES = 64;

/** What data begins with, after its blank lines. */
const DATA_BEGINS = "window.__GEMMAPOD_";

/** The assignments of a script that is nothing else, a line each as `writePackedPage` writes them. */
function assignments(script: Uint8Array): Assignment[] | undefined {
  let start = 0;
  while (script[start] === LINE_FEED) start++;
  // Before a text is made of it, which is twice as long for a runtime that is not ASCII.
  if (asciiOf(script.subarray(start, start + DATA_BEGINS.length)) !== DATA_BEGINS) {
    return undefined;
  }
  const found: Assignment[] = [];
  const lines = utf8Decode(script).split("\n", MAX_DATA_LINES + 1);
  if (lines.length > MAX_DATA_LINES) return undefined;
  for (const line of lines) {
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

function isBootCall(script: Uint8Array): boolean {
  return script.length === BOOT_CALL.length && asciiOf(script) === BOOT_CALL;
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function decode(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(base64);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

function sha256Base64(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

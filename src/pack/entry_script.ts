import { join, sep } from "node:path";
import { Script } from "node:vm";
import { CodedError, errorMessage, toHex } from "../base/mod.ts";

/** The largest script that `[ui] entry` may name, in bytes. */
const MAX_ENTRY_BYTES = 1024 * 1024;

/** What to do about a script that is not one by itself. */
const BUNDLE_ADVICE = "bundle it into one classic script, as `esbuild --bundle --format=iife` does";

/** A pod's own script. */
export interface EntryScript {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Reads the script that `[ui] entry` names, and makes sure that a browser will run it: one classic
 * script, all that it needs inside.
 *
 * Rejects with {@linkcode CodedError} `no_entry` where it is not there; `bad_entry` where it is no
 * file of the folder, too large, no UTF-8, no script, or one that imports others.
 */
export async function readEntryScript(dir: string, entry: string): Promise<EntryScript> {
  const path = join(dir, entry);
  // The schema keeps the path inside the folder; a link could still lead out of it.
  const [folder, file] = await Promise.all([Deno.realPath(dir), Deno.realPath(path)])
    .catch((cause: unknown) => {
      throw new CodedError("no_entry", `Cannot pack ui.entry: ${path} is not there`, { cause });
    });
  const { isFile, size } = await Deno.stat(file);
  // Nor may it lead to another file of the folder, the key among them.
  const isInside = file.startsWith(folder + sep) && file.endsWith(".js");
  if (!isInside || !isFile) throw refusal(path, "it is not a .js file inside the folder");
  if (size === 0 || size > MAX_ENTRY_BYTES) {
    throw refusal(path, `it has ${size} bytes, expected 1 to ${MAX_ENTRY_BYTES}`);
  }
  const bytes = await Deno.readFile(file);
  checkScript(path, bytes);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return { bytes, sha256: toHex(new Uint8Array(digest)) };
}

function checkScript(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refusal(path, "it is not UTF-8", cause);
  }
  const [found] = /<\/script|<!--/i.exec(text) ?? [];
  if (found !== undefined) {
    throw refusal(path, `it has ${found} in it, which would end it early; ${BUNDLE_ADVICE}`);
  }
  try {
    new Script(text, { filename: path }); // compiles it, and runs nothing
  } catch (cause) {
    const message = errorMessage(cause);
    const isModule = /\bimport\b|\bexport\b|await is only valid/i.test(message);
    throw refusal(path, `${message}${isModule ? `; ${BUNDLE_ADVICE}` : ""}`, cause);
  }
}

function refusal(path: string, reason: string, cause?: unknown): CodedError {
  return new CodedError("bad_entry", `Cannot pack ui.entry: ${path}: ${reason}`, { cause });
}

import { join } from "node:path";
import { concatBytes, toHex, utf8Encode } from "../base/mod.ts";
import { ROOT_DIR } from "./asset_files.ts";

/** What the bundles are made of: folders, and files by themselves. */
const SOURCES = [
  "web",
  "src/base",
  "src/core",
  "src/dartc",
  "src/pod",
  "src/runtime",
  "src/signaling",
  "src/assets/build",
  "core-rs/LICENCES.txt",
  "deno.json",
  "deno.lock",
] as const;

/**
 * A hash of everything that the bundles are made of, lower-case hex: the bundles of another stamp
 * are old.
 *
 * @param root the checkout
 * @param sources files and folders below it, where it is something else that is made
 */
export async function sourceStamp(
  root: string = ROOT_DIR,
  sources: readonly string[] = SOURCES,
): Promise<string> {
  const paths = (await Promise.all(sources.map((path) => filesBelow(root, path)))).flat().sort();
  const lines = await Promise.all(paths.map(async (path) => {
    return `${path} ${await sha256(await Deno.readFile(join(root, path)))}\n`;
  }));
  return await sha256(concatBytes(...lines.map(utf8Encode)));
}

async function filesBelow(root: string, path: string): Promise<string[]> {
  if (!(await Deno.stat(join(root, path))).isDirectory) return [path];
  const found: string[][] = [];
  for await (const entry of Deno.readDir(join(root, path))) {
    // What an editor keeps beside a file is no source.
    if (entry.name.startsWith(".") || entry.name.endsWith("~")) continue;
    found.push(await filesBelow(root, `${path}/${entry.name}`));
  }
  return found.flat();
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

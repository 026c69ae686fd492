import { join } from "node:path";
import { ignoreMissing } from "../ignore_missing.ts";

/** What {@linkcode sweepFolder} found. */
export interface Swept {
  /** Names of what is left. */
  readonly kept: ReadonlySet<string>;
  /** Names of what was removed. */
  readonly removed: readonly string[];
}

/** Removes the files of a folder that are not wanted. A folder that is not there holds none. */
export async function sweepFolder(
  folder: string,
  isWanted: (name: string) => boolean | Promise<boolean>,
): Promise<Swept> {
  const kept = new Set<string>();
  const removed: string[] = [];
  for (const name of await namesIn(folder)) {
    if (await isWanted(name)) {
      kept.add(name);
      continue;
    }
    await Deno.remove(join(folder, name)).catch(ignoreMissing);
    removed.push(name);
  }
  return { kept, removed };
}

/** When a file was last written to, in Unix milliseconds; now, where it is gone. */
export async function writtenAt(path: string): Promise<number> {
  const info = await Deno.stat(path).catch(ignoreMissing);
  return info?.mtime?.getTime() ?? Date.now();
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isFile }) => isFile).map(({ name }) => name);
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

import { join } from "node:path";
import { ignoreMissing } from "../ignore_missing.ts";
import { sweepFolder } from "../registry/sweep_folder.ts";
import type { EncodedStore } from "./encoded_store.ts";

/** What files are called while they are written. */
const PART = ".part";

/**
 * Keeps compressed pages as files of a folder: written under another name, then renamed, so that
 * none is ever there by half while we run. They are not synced: who reads one that an earlier
 * process left has to look whether it holds.
 */
export function encodedFolder(folder: string): EncodedStore {
  const pathOf = (name: string) => join(folder, name);

  async function remove(name: string): Promise<void> {
    await Deno.remove(pathOf(name)).catch(ignoreMissing);
  }

  return {
    maxPageBytes: Infinity,
    async get(name) {
      const info = await Deno.stat(pathOf(name)).catch(ignoreMissing);
      if (info === undefined || !info.isFile) return undefined;
      const { size, mtime, ino } = info;
      return {
        size,
        version: `${size} ${mtime?.getTime()} ${ino}`,
        async stream() {
          return (await Deno.open(pathOf(name)).catch(ignoreMissing))?.readable;
        },
      };
    },
    async put(name, chunks) {
      const part = `${crypto.randomUUID()}${PART}`;
      try {
        await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
        {
          using file = await Deno.open(pathOf(part), { write: true, createNew: true, mode: 0o600 });
          for await (const chunk of chunks) {
            for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
          }
        }
        await Deno.rename(pathOf(part), pathOf(name));
      } catch (error) {
        await remove(part).catch(() => {}); // the first error is the one to tell
        throw error;
      }
    },
    remove,
    async sweep(isWanted) {
      await sweepFolder(folder, async (name) => !name.endsWith(PART) && await isWanted(name));
    },
  };
}

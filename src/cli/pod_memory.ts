import { basename, join } from "node:path";
import { CodedError, errorMessage } from "../base/mod.ts";
import { whyNoFile } from "../base/native.ts";
import { hostPaths, readState } from "../host/native.ts";
import { podIdOf } from "../pod/mod.ts";
import { readPodDir } from "../pod/native.ts";
import { readLibrary, savedPodNamed } from "./pod_library.ts";

/**
 * The database to read: the Host's, or one that was named. Undefined where there is none yet and
 * none is to be made, so that looking leaves nothing behind.
 *
 * Rejects with {@linkcode CodedError} `no_database` where one that was named is not there.
 */
export async function databaseOf(
  named: string | undefined,
  missing: "leave" | "make" = "leave",
): Promise<string | undefined> {
  const path = named ?? hostPaths().databasePath;
  try {
    const { isFile, size } = await Deno.stat(path);
    if (isFile && (size === 0 || await isDatabase(path))) return path;
    throw new CodedError("no_database", `Cannot read ${path}: it is no database`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (named !== undefined) throw new CodedError("no_database", `Cannot find the database ${path}`);
  return missing === "make" ? path : undefined;
}

/**
 * Whether a file begins as SQLite's do (sqlite.org/fileformat.html, 1.3). Another is not opened: that
 * alone would make it its owner's, as becomes a database.
 */
async function isDatabase(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const head = new Uint8Array(16);
  await file.read(head);
  return new TextDecoder().decode(head) === "SQLite format 3\0";
}

/**
 * Opens a database for a person, who may have named any file.
 *
 * Throws {@linkcode CodedError} `no_database` that says which, and why not.
 */
export function openedDatabase<T>(path: string, open: (path: string) => T): T {
  try {
    return open(path);
  } catch (cause) {
    const why = whyNoFile(cause) ?? errorMessage(cause);
    throw new CodedError("no_database", `Cannot read the database ${path}: ${why}`, { cause });
  }
}

/**
 * The id of a pod that a person named: of the saved pod of that name, else of the one that is served,
 * or was last, from the folder of that name; else the name itself.
 */
export async function podIdOfName(name: string): Promise<string> {
  const saved = savedPodNamed(await readLibrary().catch(() => []), name);
  if (saved === undefined) return await servedFromFolder(name) ?? name;
  try {
    return podIdOf((await readPodDir(saved.dir)).pod);
  } catch {
    return name; // its folder is gone or broken: what it said may still be looked at by its id
  }
}

/** The id of the only pod of `state.json` whose folder has a name, unless it is itself an id there. */
async function servedFromFolder(name: string): Promise<string | undefined> {
  const pods = await readState(join(hostPaths().home, "state.json")).catch(() => []); // none, or broken
  if (pods.some(({ podId }) => podId === name)) return undefined;
  const [found, ...others] = pods.filter(({ podDir }) => basename(podDir) === name);
  return others.length === 0 ? found?.podId : undefined;
}

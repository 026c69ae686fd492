import { CodedError } from "../base/mod.ts";
import { hostPaths } from "../host/native.ts";
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
    if ((await Deno.stat(path)).isFile) return path;
    throw new CodedError("no_database", `Cannot read ${path}: it is no file`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (named !== undefined) throw new CodedError("no_database", `Cannot find the database ${path}`);
  return missing === "make" ? path : undefined;
}

/** The id of a pod that a person named: of the saved pod of that name, else the name itself. */
export async function podIdOfName(name: string): Promise<string> {
  const saved = savedPodNamed(await readLibrary().catch(() => []), name);
  if (saved === undefined) return name;
  try {
    return podIdOf((await readPodDir(saved.dir)).pod);
  } catch {
    return name; // its folder is gone or broken: what it said may still be looked at by its id
  }
}

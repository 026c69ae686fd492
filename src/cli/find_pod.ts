import { join, resolve } from "node:path";
import { CodedError } from "../base/mod.ts";
import { warn } from "../base/native.ts";
import { nearestName } from "../pod/mod.ts";
import { POD_TOML } from "../pod/native.ts";
import { readLibrary, type SavedPod, savedPodNamed } from "./pod_library.ts";

/** A pod that a person named. */
export interface FoundPod {
  /** Its folder, absolute. */
  readonly dir: string;
  /** What the saved library knows of it. */
  readonly saved?: SavedPod;
}

/**
 * The pod that `gemmapod run` was told: a folder, or a name of the saved library. A word without a
 * slash is a saved name first; `./word` is always a folder.
 *
 * Rejects with {@linkcode CodedError} `no_pod` where it is neither.
 */
export async function findPod(nameOrPath: string): Promise<FoundPod> {
  const dir = resolve(nameOrPath);
  const isFolder = await hasPodToml(dir);
  if (!isBareWord(nameOrPath)) {
    if (isFolder) return { dir };
    throw new CodedError(
      "no_pod",
      `Cannot find ${POD_TOML} in ${dir}: \`gemmapod init\` makes a pod folder`,
    );
  }
  const library = await readLibrary();
  const saved = savedPodNamed(library, nameOrPath);
  if (saved !== undefined) {
    if (isFolder && saved.dir !== dir) {
      warn(
        `"${nameOrPath}" is taken for the saved pod of ${saved.dir}; here would be ./${nameOrPath}`,
      );
    }
    return { dir: saved.dir, saved };
  }
  if (isFolder) return { dir };
  const near = nearestName(nameOrPath, library.flatMap(({ slug, name }) => [slug, name]));
  throw new CodedError(
    "no_pod",
    `Cannot find a pod "${nameOrPath}": ${dir} has no ${POD_TOML}, and no saved pod has that name` +
      (near === undefined
        ? ". `gemmapod init` makes a pod folder, `gemmapod list` shows the saved ones"
        : `. Did you mean ${near}?`),
  );
}

function isBareWord(text: string): boolean {
  return text !== "." && text !== ".." && !/[/\\]/.test(text);
}

async function hasPodToml(dir: string): Promise<boolean> {
  try {
    return (await Deno.stat(join(dir, POD_TOML))).isFile;
  } catch {
    return false; // whatever is there, it is no pod folder
  }
}

import { join } from "node:path";
import { CodedError } from "../base/mod.ts";
import { podIdOf } from "../pod/mod.ts";
import { POD_TOML, readPodDir } from "../pod/native.ts";
import { buildPod, type BuildPodOptions, type BuiltPod } from "./build_pod.ts";
import { lastOut } from "./page_place.ts";

/**
 * Signs and packs a pod folder again, into the page that was built last.
 *
 * Rejects with {@linkcode CodedError} `never_built` where no page of the folder is there, and as
 * `buildPod` does.
 */
export async function rebuildPod(options: Omit<BuildPodOptions, "out">): Promise<BuiltPod> {
  const { pod } = await readPodDir(options.dir);
  const out = await lastOut(options.dir, podIdOf(pod));
  if (out === undefined) {
    throw new CodedError(
      "never_built",
      `Cannot rebuild ${options.dir}: no page of it is there; \`build\` makes the first`,
    );
  }
  return await buildPod({ ...options, out });
}

/**
 * The page of a folder, if it is there and not older than what it is made of: `pod.toml` and the
 * pod's own script.
 */
export async function freshPageOf(dir: string): Promise<string | undefined> {
  const { pod } = await readPodDir(dir);
  const out = await lastOut(dir, podIdOf(pod));
  if (out === undefined) return undefined;
  const made = await changedAt(out);
  const sources = [POD_TOML, ...(pod.ui?.entry === undefined ? [] : [pod.ui.entry])];
  const changed = await Promise.all(sources.map((path) => changedAt(join(dir, path))));
  return changed.every((time) => time <= made) ? out : undefined;
}

/** Unix milliseconds; of what is not there, the end of time: whoever packs it says so. */
async function changedAt(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? Infinity;
  } catch {
    return Infinity;
  }
}

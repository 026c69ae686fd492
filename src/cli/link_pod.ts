import { basename, resolve } from "node:path";
import { CodedError } from "../base/mod.ts";
import { warn } from "../base/native.ts";
import { nearestName, slugOf } from "../pod/mod.ts";
import { readPodDir } from "../pod/native.ts";
import { readLibrary, type SavedPod, savedPodNamed, writeLibrary } from "./pod_library.ts";

/** What `link` saves beside the folder. */
export interface LinkOptions {
  name?: string;
  model?: string;
  providerUrl?: string;
}

/**
 * Saves the folder of a pod; one that is saved already is saved anew, in its place.
 *
 * Rejects with `PodTomlError` or {@linkcode CodedError} `no_pod` where it is none, `bad_name`, and
 * `name_taken` where another folder has the name.
 */
export async function linkPod(folder: string, options: LinkOptions): Promise<SavedPod> {
  const dir = resolve(folder);
  const { pod, warnings } = await readPodDir(dir);
  for (const { message } of warnings) warn(message);
  const name = options.name ?? pod.name;
  const slug = slugOf(name) || slugOf(basename(dir));
  if (slug === "") {
    throw new CodedError(
      "bad_name",
      `Cannot save ${dir}: no word can be made of "${name}"; use --name`,
    );
  }
  const pods = await readLibrary();
  const taken = pods.find((other) => other.slug === slug && other.dir !== dir);
  if (taken !== undefined) {
    throw new CodedError(
      "name_taken",
      `Cannot save ${dir}: ${slug} is the saved pod of ${taken.dir}; choose another name with --name`,
    );
  }
  const before = pods.find((other) => other.dir === dir);
  const saved: SavedPod = {
    ...before,
    name,
    slug,
    dir,
    provider: pod.llm?.provider ?? null,
    providerUrl: options.providerUrl ?? null,
    model: options.model ?? null,
    hasApiKey: before?.hasApiKey ?? false,
    addedAt: before?.addedAt ?? new Date().toISOString(),
    lastRunAt: before?.lastRunAt ?? null,
  };
  await writeLibrary(
    before === undefined ? [...pods, saved] : pods.map((pod) => pod === before ? saved : pod),
  );
  return saved;
}

/** Takes a pod out of the library. Rejects with {@linkcode CodedError} `no_such_pod`. */
export async function unlinkPod(name: string): Promise<SavedPod> {
  const pods = await readLibrary();
  const gone = savedPodNamed(pods, name) ?? pods.find(({ dir }) => dir === resolve(name));
  if (gone === undefined) {
    const near = nearestName(name, pods.flatMap((pod) => [pod.slug, pod.name]));
    throw new CodedError(
      "no_such_pod",
      `No saved pod is called "${name}"` +
        (near === undefined ? ": `gemmapod list` shows them" : `. Did you mean ${near}?`),
    );
  }
  await writeLibrary(pods.filter((pod) => pod !== gone));
  return gone;
}

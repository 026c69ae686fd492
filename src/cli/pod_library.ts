import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CodedError, errorMessage } from "../base/mod.ts";
import { warn, writeFileAtomic } from "../base/native.ts";
import { hostPaths } from "../host/native.ts";

/** What other writers know of a pod beside this stays as it is. */
const savedPod = z.looseObject({
  name: z.string(),
  slug: z.string(),
  dir: z.string(),
  provider: z.string().nullable().default(null),
  providerUrl: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  hasApiKey: z.boolean().default(false),
  addedAt: z.string(),
  lastRunAt: z.string().nullable().default(null),
});

const library = z.object({ version: z.literal(1), agents: z.array(savedPod) });

/** A pod of the saved library. `null`: what its `pod.toml` or the Host says. */
export type SavedPod = z.infer<typeof savedPod>;

/** The file of the saved library (host.md, "Files"). */
export function libraryPath(): string {
  return join(hostPaths().home, "agents.json");
}

/**
 * The saved pods, in the order in which they were saved.
 *
 * Rejects with {@linkcode CodedError} `bad_library` where the file cannot be read.
 */
export async function readLibrary(path: string = libraryPath()): Promise<SavedPod[]> {
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  try {
    return library.parse(JSON.parse(text)).agents;
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : errorMessage(cause);
    throw new CodedError(
      "bad_library",
      `Cannot read the saved pods of ${path}: ${reason}\nPut the file right, or move it away`,
      { cause },
    );
  }
}

/** Replaces the saved pods. */
export async function writeLibrary(
  pods: readonly SavedPod[],
  path: string = libraryPath(),
): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, `${JSON.stringify({ version: 1, agents: pods }, null, 2)}\n`);
}

/** The saved pod of a name, as it is shown or as a slug; undefined where there is none. */
export function savedPodNamed(pods: readonly SavedPod[], name: string): SavedPod | undefined {
  return pods.find(({ slug }) => slug === name) ?? pods.find((pod) => pod.name === name);
}

/**
 * Notes that the pod of a folder is run now; one that is not saved is not saved by this. A library
 * that cannot be read or written is no reason not to run.
 */
export async function noteRun(dir: string, path: string = libraryPath()): Promise<void> {
  const pods = await readLibrary(path).catch(() => []);
  if (!pods.some((pod) => pod.dir === dir)) return;
  const lastRunAt = new Date().toISOString();
  await writeLibrary(pods.map((pod) => pod.dir === dir ? { ...pod, lastRunAt } : pod), path)
    .catch((error) => warn(`cannot note the run in ${path}: ${errorMessage(error)}`));
}

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../base/native.ts";
import { hostPaths } from "../../host/native.ts";
import { answers } from "./answers.ts";

const draft = z.object({
  version: z.literal(1),
  answers,
  /** Whether the folder is made. */
  made: z.boolean().default(false),
  /** Where the page is. */
  url: z.string().optional(),
});

/** A pod that somebody began to make, and where they left. */
export type Draft = z.infer<typeof draft>;

/** The file that keeps it; no secret is in it. */
export function draftPath(): string {
  return join(hostPaths().home, "create.json");
}

/** The pod that was begun and not finished; undefined where there is none that can be read. */
export async function readDraft(path: string = draftPath()): Promise<Draft | undefined> {
  try {
    return draft.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch {
    return undefined; // none, or of another version: beginning anew costs a few questions
  }
}

/** Keeps how far it is. */
export async function writeDraft(kept: Draft, path: string = draftPath()): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, `${JSON.stringify(kept, null, 2)}\n`);
}

/** Forgets it: it is finished, or another is begun. */
export async function removeDraft(path: string = draftPath()): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

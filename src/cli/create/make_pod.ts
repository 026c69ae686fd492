import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { writeFileAtomic } from "../../base/native.ts";
import { initPod } from "../../pack/mod.ts";
import { OWNER_KEY, POD_TOML, readOwnerKey, readPodDir, writeOwnerKey } from "../../pod/native.ts";
import type { AllAnswers } from "./answers.ts";
import { withModel } from "./with_model.ts";

/**
 * Makes the folder that the answers describe: key, template, model.
 *
 * Rejects as `initPod` and `readOwnerKey` do, and overwrites nothing, as they do.
 */
export async function makePod(answers: AllAnswers): Promise<void> {
  const { dir, template, name, broker, key, model } = answers;
  if (key.kind === "file") await bringKey(key.path, dir);
  await initPod(dir, { template, name, broker });
  if (model.kind === "demo") return;
  const path = join(dir, POD_TOML);
  const toml = await Deno.readTextFile(path);
  await writeFileAtomic(path, withModel(toml, model.model, model.url), { mode: 0o644 });
}

/** Copies an owner's key into a folder, where it may be already. */
async function bringKey(from: string, dir: string): Promise<void> {
  const key = await readOwnerKey(from);
  await Deno.mkdir(dir, { recursive: true });
  const to = join(dir, OWNER_KEY);
  try {
    await writeOwnerKey(to, key);
  } catch (error) {
    if (!(error instanceof CodedError && error.code === "key_exists")) throw error;
    if ((await readOwnerKey(to)).publicKey !== key.publicKey) throw error;
  }
}

/** Whether the folder holds a pod that can be used. */
export async function isMade(dir: string): Promise<boolean> {
  try {
    await readPodDir(dir);
    return true;
  } catch (error) {
    if (error instanceof CodedError && error.code === "no_pod") return false;
    throw error; // it is there, and broken: its owner has edited it
  }
}

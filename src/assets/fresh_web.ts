import { join } from "node:path";
import { CodedError } from "../base/mod.ts";
import { ASSET_FILES, ROOT_DIR, WEB_DIST_DIR } from "./asset_files.ts";
import { sourceStamp } from "./source_stamp.ts";

let checking: Promise<void> | undefined;

/**
 * Resolves once `dist/web` holds the bundles of these sources: at once in a compiled program, which
 * carries them; else it compares the stamp, and has `build.ts` make them where they are missing or
 * old. Checked once a process; concurrent callers, and other processes, wait for the same build.
 *
 * Rejects with `CodedError` `no_assets` when they cannot be made; the next call tries again.
 */
export function freshWeb(): Promise<void> {
  if (Deno.build.standalone) return Promise.resolve();
  checking ??= check().catch((error: unknown) => {
    checking = undefined;
    throw error;
  });
  return checking;
}

/** The stamp of the bundles that are there; undefined where there are none. */
export async function builtStamp(): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(join(WEB_DIST_DIR, ASSET_FILES.stamp));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function check(): Promise<void> {
  if (await builtStamp() === await sourceStamp()) return;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", join(ROOT_DIR, "build.ts"), "web", "--if-old"],
    cwd: ROOT_DIR,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new CodedError("no_assets", `Cannot build the browser bundles: ${reason}`);
}

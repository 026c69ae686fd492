import { join, relative } from "node:path";
import { writeFileAtomic } from "../../base/native.ts";
import { ROOT_DIR } from "../asset_files.ts";
import { sourceStamp } from "../source_stamp.ts";
import { readBinArguments } from "./bin_arguments.ts";
import { BIN_DIST_DIR, buildPrograms } from "./build_programs.ts";
import type { BuiltFile } from "./built_line.ts";
import { compilerVersion } from "./deno_compile.ts";

/** What the programs are made of: folders, and files by themselves. */
const SOURCES = ["src", "web", "core-rs/LICENCES.txt", "LICENSE", "deno.json", "deno.lock"];

/** Which sources the programs of a folder were made from, and which Deno compiled them. */
const STAMP_FILE = ".stamp";

/**
 * Does what `build bin` is asked for: compiles the programs for one platform or more. One build at a
 * time, whoever asks: others wait, and may find it done.
 *
 * Rejects with what {@linkcode readBinArguments} and {@linkcode buildPrograms} throw.
 */
export async function buildBinaries(args: readonly string[]): Promise<BuiltFile[]> {
  const { wanted, when } = readBinArguments(args);
  const built: BuiltFile[] = [];
  await Deno.mkdir(BIN_DIST_DIR, { recursive: true });
  // The system lets go of the lock when a process dies; the empty file stays.
  using lock = await Deno.open(join(BIN_DIST_DIR, ".lock"), { create: true, write: true });
  await lock.lock(true);
  for (const { target, folder } of wanted) {
    const stamp = `${await sourceStamp(ROOT_DIR, SOURCES)} ${await compilerVersion()}`;
    if (when === "if_old" && await builtStamp(folder) === stamp) continue;
    for (const { path, bytes } of await buildPrograms(target, folder)) {
      built.push({ path: relative(ROOT_DIR, path), bytes });
    }
    await writeFileAtomic(join(folder, STAMP_FILE), stamp);
  }
  return built;
}

async function builtStamp(folder: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(join(folder, STAMP_FILE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

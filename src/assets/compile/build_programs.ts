import { basename, join } from "node:path";
import { CodedError, toHex } from "../../base/mod.ts";
import { writeFileAtomic } from "../../base/native.ts";
import { ROOT_DIR } from "../asset_files.ts";
import { type CompiledProgram, compileProgram } from "./compile_program.ts";
import { adviceFor, canCompileFor } from "./deno_compile.ts";
import { licencesOfPrograms } from "./program_licences.ts";
import { PROGRAMS } from "./program_list.ts";
import type { TargetName } from "./targets.ts";

/** Where the programs of this machine are built; those of another are in a folder of its name. */
export const BIN_DIST_DIR = join(ROOT_DIR, "dist", "bin");

/** The list of SHA-256 sums beside the programs, as `sha256sum --check` reads it. */
export const SUMS_FILE = "SHA256SUMS";

/** The licences of what is in the programs. */
export const LICENCES_FILE = "LICENCES.txt";

/**
 * Compiles the three programs for a platform into a folder, and writes their sums and licences.
 * The files of `dist/web` must be there.
 *
 * Rejects with `CodedError` `no_denort` where `deno compile` can't get its runtime, and
 * `not_compiled`.
 */
export async function buildPrograms(
  target: TargetName,
  folder: string,
): Promise<CompiledProgram[]> {
  if (!await canCompileFor(target)) {
    throw new CodedError("no_denort", `Cannot compile for ${target}: ${adviceFor(target)}`);
  }
  await Deno.mkdir(folder, { recursive: true });
  const built: CompiledProgram[] = [];
  for (const program of PROGRAMS) built.push(await compileProgram(program, target, folder));
  const sums = await Promise.all(built.map(async ({ path }) => {
    return `${await sha256(path)}  ${basename(path)}\n`;
  }));
  await writeFileAtomic(join(folder, SUMS_FILE), sums.join(""), PUBLIC);
  const licences = await licencesOfPrograms(built.flatMap(({ inputs }) => inputs));
  await writeFileAtomic(join(folder, LICENCES_FILE), licences, PUBLIC);
  return built;
}

/** These files are for everybody to read. */
const PUBLIC = { mode: 0o644 } as const;

async function sha256(path: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))));
}

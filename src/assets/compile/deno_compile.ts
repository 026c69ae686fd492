import { type Target, type TargetName, TARGETS } from "./targets.ts";

/** What to do where `deno compile` can't get its runtime. */
export const COMPILE_ADVICE = "give `deno compile` its runtime, denort: go online once, or set " +
  "DENORT_BIN to a denort and DENO_COMPILE to the deno of the same version";

/** What is missing to compile for a platform, and how to get it. */
export function adviceFor(name: TargetName): string {
  const { triple } = TARGETS[name];
  return triple === Deno.build.target
    ? `there is no denort. To go on, ${COMPILE_ADVICE}`
    : `there is no denort of ${triple}. To go on, run this once where \`deno compile\` can download ` +
      `it (from dl.deno.land; it is kept), or build on such a machine`;
}

/** The Deno that compiles: `DENO_COMPILE` where it is set, as its denort must be of its version. */
export function compiler(): string {
  return Deno.env.get("DENO_COMPILE") || Deno.execPath();
}

/**
 * Runs `deno compile` for a platform.
 *
 * @returns what it wrote on stderr where it failed
 */
export async function denoCompile(
  { triple }: Target,
  args: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  const own = triple === Deno.build.target;
  const { DENORT_BIN = "", ...env } = Deno.env.toObject();
  const { success, stderr } = await new Deno.Command(compiler(), {
    args: ["compile", "--no-check", "--no-lock", ...own ? [] : ["--target", triple], ...args],
    cwd,
    clearEnv: true,
    // One that is named is of this machine: for another, Deno downloads its own.
    env: own && DENORT_BIN !== "" ? { ...env, DENORT_BIN } : env,
    stdout: "null",
    stderr: "piped",
  }).output();
  return success ? undefined : new TextDecoder().decode(stderr);
}

/** Whether `deno compile` works for a platform: it needs its `denort`, which it may download. */
export async function canCompileFor(name: TargetName): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-compile-" });
  try {
    await Deno.writeTextFile(`${folder}/empty.js`, "");
    const args = ["--no-config", "--output", `${folder}/empty`, `${folder}/empty.js`];
    return await denoCompile(TARGETS[name], args, folder) === undefined;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Which Deno compiles, as it names itself. */
export async function compilerVersion(): Promise<string> {
  const { stdout } = await new Deno.Command(compiler(), { args: ["--version"] }).output();
  return new TextDecoder().decode(stdout).split("\n")[0] ?? "";
}

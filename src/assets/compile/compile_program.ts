import { join } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { WEB_DIST_DIR } from "../asset_files.ts";
import { ADDON_FILE, addonOf } from "./addon.ts";
import { bundleProgram, MAIN_FILE, sharedFile } from "./bundle_program.ts";
import { denoCompile } from "./deno_compile.ts";
import { assetPath, type Program } from "./program_list.ts";
import { permissionFlags } from "./program_permissions.ts";
import { type TargetName, TARGETS } from "./targets.ts";

/** A program, compiled. */
export interface CompiledProgram {
  readonly path: string;
  readonly bytes: number;
  /** The files of the checkout, and of packages, that are in it; relative to the checkout. */
  readonly inputs: readonly string[];
}

/**
 * Compiles a program for a platform: its bundle, the built files of `dist/web` that it reads, and,
 * where it speaks WebRTC, the addon of that platform.
 *
 * Rejects with `CodedError` `not_compiled`.
 */
export async function compileProgram(
  program: Program,
  targetName: TargetName,
  folder: string,
): Promise<CompiledProgram> {
  const target = TARGETS[targetName];
  const path = join(folder, `${program.name}${target.suffix}`);
  const stage = await Deno.makeTempDir({ prefix: "gemmapod-program-" });
  try {
    const { inputs } = await bundleProgram(program, stage);
    await copyAssets(program, stage);
    const included = [...program.assets.map(assetPath), ...program.shared.map(sharedFile)];
    if (program.webrtc === "with_addon") {
      await Deno.copyFile(await addonOf(target), join(stage, ADDON_FILE));
      included.push(ADDON_FILE);
    }
    // By this map the compiled program knows what an owner's tools import.
    const imports = Object.fromEntries(
      program.shared.map((name) => [name, `./${sharedFile(name)}`]),
    );
    await Deno.writeTextFile(join(stage, "deno.json"), JSON.stringify({ imports }));
    const failed = await denoCompile(target, [
      "--no-npm",
      "--no-remote",
      "--no-prompt",
      // It lies in the folder of temporary files under a name that anybody knows, who could then say
      // what runs; and it saves nothing that could be measured.
      "--no-code-cache",
      ...(program.v8Flags.length === 0 ? [] : [`--v8-flags=${program.v8Flags}`]),
      ...permissionFlags(program.permissions),
      ...included.flatMap((file) => ["--include", file]),
      "--output",
      path,
      MAIN_FILE,
    ], stage);
    if (failed !== undefined) {
      throw new CodedError(
        "not_compiled",
        `Cannot compile ${program.name} for ${targetName}:\n${failed}`,
      );
    }
    return { path, bytes: (await Deno.stat(path)).size, inputs: Object.keys(inputs) };
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

async function copyAssets({ assets }: Program, stage: string): Promise<void> {
  await Deno.mkdir(join(stage, "dist", "web"), { recursive: true });
  for (const name of assets) {
    const path = assetPath(name);
    await Deno.copyFile(join(WEB_DIST_DIR, "..", "..", path), join(stage, path));
  }
}

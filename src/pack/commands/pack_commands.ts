import type { Command } from "../../base/native.ts";
import { buildCommand } from "./build.ts";
import { initCommand } from "./init.ts";
import { keygenCommand } from "./keygen.ts";
import { verifyCommand } from "./verify.ts";

/**
 * Fresh commands for a program to take: `init` `keygen` `build` `verify`.
 *
 * @example
 * ```ts
 * import { Command } from "../../base/native.ts";
 * import { runCommandLine } from "../../base/native.ts";
 * import { packCommands } from "../mod.ts";
 *
 * const program = new Command("gemmapod");
 * for (const command of packCommands()) program.addCommand(command);
 * if (await runCommandLine(program, ["build", "--help"]) !== 0) throw new Error("no help");
 * ```
 */
export function packCommands(): Command[] {
  return [initCommand(), keygenCommand(), buildCommand(), verifyCommand()];
}

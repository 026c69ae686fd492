import type { Command } from "../../base/native.ts";
import { buildCommand, rebuildCommand } from "./build.ts";
import { deployCommand } from "./deploy.ts";
import { initCommand } from "./init.ts";
import { inspectCommand } from "./inspect.ts";
import { keygenCommand } from "./keygen.ts";
import { repackCommand } from "./repack.ts";
import { verifyCommand } from "./verify.ts";

/**
 * Fresh commands for a program to take: `init` `keygen` `build` `rebuild` `repack` `verify`
 * `inspect` `deploy`. `doctor` is not among them: of `gemmapod` it looks at the machine, of
 * `gemmapod-pack` at a folder.
 *
 * @example
 * ```ts
 * import { Command } from "../../base/native.ts";
 * import { runCommandLine } from "../../base/native.ts";
 * import { packCommands } from "../native.ts";
 *
 * const program = new Command("gemmapod");
 * for (const command of packCommands()) program.addCommand(command);
 * if (await runCommandLine(program, ["build", "--help"]) !== 0) throw new Error("no help");
 * ```
 */
export function packCommands(): Command[] {
  return [
    initCommand(),
    keygenCommand(),
    buildCommand(),
    rebuildCommand(),
    repackCommand(),
    verifyCommand(),
    inspectCommand(),
    deployCommand(),
  ];
}

/**
 * The binary `gemmapod-pack`.
 *
 * @module
 */

import { VERSION } from "../base/mod.ts";
import { Command, reachLoopbackDirectly, runCommandLine } from "../base/native.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { packCommands } from "./commands/pack_commands.ts";

const program = new Command("gemmapod-pack")
  .description("Packs a pod folder into one signed .html.")
  .version(VERSION)
  .addHelpText(
    "after",
    "\nExample:\n  gemmapod-pack init my-pod && gemmapod-pack build my-pod --out my-pod.html",
  );
for (const command of packCommands()) program.addCommand(command);
program.addCommand(doctorCommand());

if (import.meta.main) {
  reachLoopbackDirectly();
  Deno.exitCode = await runCommandLine(program, Deno.args);
}

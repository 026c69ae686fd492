/**
 * The binary `gemmapod`.
 *
 * @module
 */
import { VERSION } from "../base/mod.ts";
import { Command, runCommandLine } from "../base/native.ts";

/** Where commands come from: by name, so that one command does not load what another needs. */
const SOURCES: readonly { names: readonly string[]; load(): Promise<Command[]> }[] = [
  { names: ["run"], load: async () => [(await import("./run.ts")).runCommand()] },
  {
    names: ["init", "keygen", "build", "verify"],
    load: async () => (await import("../pack/mod.ts")).packCommands(),
  },
];

const EXAMPLE = `
Example:
  gemmapod run ./my-pod`;

/** The whole program, or, where the arguments begin with a command, as much as that needs. */
async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command("gemmapod")
    .description("Serves pods from this machine: chats with your model, peer to peer.")
    .version(VERSION)
    .addHelpText("after", EXAMPLE);
  const [first = ""] = args;
  if (first === "--version" || first === "-V") return program;
  const named = SOURCES.filter(({ names }) => names.includes(first));
  for (const { load } of named.length === 0 ? SOURCES : named) {
    for (const command of await load()) program.addCommand(command);
  }
  return program;
}

if (import.meta.main) Deno.exit(await runCommandLine(await programFor(Deno.args), Deno.args));

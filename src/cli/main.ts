/**
 * The binary `gemmapod`.
 *
 * @module
 */
import { VERSION } from "../base/mod.ts";
import { Command, reachLoopbackDirectly, runCommandLine } from "../base/native.ts";

/** The command that must know all the others. */
const COMPLETIONS = "completions";

/** Where commands come from: by name, so that one command does not load what another needs. */
const SOURCES: readonly { names: readonly string[]; load(): Promise<Command[]> }[] = [
  { names: ["create"], load: async () => [(await import("./create.ts")).createCommand()] },
  { names: ["run"], load: async () => [(await import("./run.ts")).runCommand()] },
  { names: ["start"], load: async () => [(await import("./start.ts")).startCommand()] },
  {
    names: ["stop", "kill"],
    load: async () => {
      const { killCommand, stopCommand } = await import("./stop.ts");
      return [stopCommand(), killCommand()];
    },
  },
  { names: ["status"], load: async () => [(await import("./status.ts")).statusCommand()] },
  { names: ["list"], load: async () => [(await import("./list.ts")).listCommand()] },
  {
    names: ["link", "unlink"],
    load: async () => {
      const { linkCommand, unlinkCommand } = await import("./link.ts");
      return [linkCommand(), unlinkCommand()];
    },
  },
  { names: ["logs"], load: async () => [(await import("./logs.ts")).logsCommand()] },
  { names: ["dashboard"], load: async () => [(await import("./dashboard.ts")).dashboardCommand()] },
  { names: ["memory"], load: async () => [(await import("./memory.ts")).memoryCommand()] },
  { names: ["origin"], load: async () => [(await import("./origin.ts")).originCommand()] },
  { names: ["doctor"], load: async () => [(await import("./doctor.ts")).doctorCommand()] },
  { names: ["service"], load: async () => [(await import("./service.ts")).serviceCommand()] },
  {
    names: [COMPLETIONS],
    load: async () => [(await import("./completions.ts")).completionsCommand()],
  },
  {
    names: ["init", "keygen", "build", "rebuild", "repack", "verify", "inspect", "deploy"],
    load: async () => (await import("../pack/native.ts")).packCommands(),
  },
];

const EXAMPLE = `
Examples:
  gemmapod create
  gemmapod run ./my-pod
  gemmapod start --detach --resume
  gemmapod status`;

/** The whole program, or, where the arguments begin with a command, as much as that needs. */
async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command("gemmapod")
    .description("Serves pods from this machine: chats with your model, peer to peer.")
    .version(VERSION)
    .addHelpText("after", EXAMPLE);
  const [first = ""] = args;
  if (first === "--version" || first === "-V") return program;
  const named = SOURCES.filter(({ names }) => names.includes(first));
  const wanted = named.length === 0 || first === COMPLETIONS ? SOURCES : named;
  for (const { load } of wanted) {
    for (const command of await load()) program.addCommand(command);
  }
  return program;
}

if (import.meta.main) {
  reachLoopbackDirectly();
  Deno.exit(await runCommandLine(await programFor(Deno.args), Deno.args));
}

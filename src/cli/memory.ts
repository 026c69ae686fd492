import { Command } from "../base/native.ts";
import { examples } from "./output.ts";

/** What the command line gives. */
export interface MemoryOptions {
  json?: true;
  yes?: true;
  db?: string;
}

/** `memory list|show|export|clear` */
export function memoryCommand(): Command {
  const memory = new Command("memory")
    .description("what the Host remembers: look at it, take it away, forget it")
    .addHelpText(
      "after",
      examples("memory list my-pod", "memory export my-pod > my-pod.jsonl", "memory clear my-pod"),
    );
  const commands = [listCommand(), showCommand(), exportCommand(), clearCommand()];
  for (const command of commands) memory.addCommand(command);
  return memory;
}

const POD = ["<pod>", "the pod's id, its saved name, or its folder's"] as const;
const CONVERSATION = "a conversation's id, or how only this one begins";

function command(name: string): Command {
  return new Command(name).argument(...POD)
    .option("--db <file>", "another database (default: the Host's)");
}

function listCommand(): Command {
  return command("list")
    .description("list a pod's conversations, the one that was active last first")
    .option("--json", "print them as JSON")
    .addHelpText("after", examples("memory list my-pod"))
    .action(async (pod: string, options: MemoryOptions) => {
      await (await import("./memory_list.ts")).listMemory(pod, options);
    });
}

function showCommand(): Command {
  return command("show")
    .description("show a conversation")
    .argument("<conversation>", CONVERSATION)
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("memory show my-pod 0193f2"))
    .action(async (pod: string, conversation: string, options: MemoryOptions) => {
      await (await import("./memory_show.ts")).showMemory(pod, conversation, options);
    });
}

function exportCommand(): Command {
  return command("export")
    .description("write a pod's messages as JSON Lines, one a line, superseded ones included")
    .argument("[conversation]", CONVERSATION)
    .option("--json", "the same: it is JSON already")
    .addHelpText("after", examples("memory export my-pod > my-pod.jsonl"))
    .action(async (pod: string, conversation: string | undefined, options: MemoryOptions) => {
      await (await import("./memory_export.ts")).exportMemory(pod, conversation, options);
    });
}

function clearCommand(): Command {
  return command("clear")
    .description("forget a pod's conversations, or one of them; a Host that runs forgets it, too")
    .argument("[conversation]", CONVERSATION)
    .option("-y, --yes", "do not ask (nobody is asked without a terminal)")
    .option("--json", "print how many are gone as JSON")
    .addHelpText("after", examples("memory clear my-pod", "memory clear my-pod 0193f2"))
    .action(async (pod: string, conversation: string | undefined, options: MemoryOptions) => {
      await (await import("./memory_clear.ts")).clearMemory(pod, conversation, options);
    });
}

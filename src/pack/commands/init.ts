import { Command, oneLine, print } from "../../base/native.ts";
import { example, programOf, shellWord } from "./output.ts";

/** What the command line gives. */
interface InitOptions {
  name?: string;
  id?: string;
  json?: true;
}

/** `init [dir]` */
export function initCommand(): Command {
  return new Command("init")
    .description("make a pod folder: pod.toml, owner.key, .gitignore")
    .argument("[dir]", "the folder, made where it is not there", ".")
    .option("--name <name>", "the pod's display name (default: the folder's name)")
    .option("--id <id>", "the id that visitors find it by (default: made of name and key)")
    .option("--json", "print what was made as JSON")
    .addHelpText("after", example('init my-pod --name "Ada\'s card"'))
    .action(async (dir: string, { name, id, json }: InitOptions, command: Command) => {
      const { initPod } = await import("../init_pod.ts"); // once it is called for
      const made = await initPod(dir, { name, podId: id });
      if (json) return print(JSON.stringify(made, null, 2));
      print(`made ${oneLine(dir)}: ${made.files.join(", ")}`);
      print(`pod id     ${made.podId}`);
      print(`owner key  ${made.ownerPubkey}`);
      const next = `${programOf(command)} build ${shellWord(dir)} --out ${made.podId}.html`;
      print(`next       edit pod.toml, then: ${next}`);
    });
}

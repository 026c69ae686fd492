import { Command, oneLine, Option, print, wrongUseFor } from "../../base/native.ts";
import { TEMPLATE_NAMES, TEMPLATE_SUMMARIES, type TemplateName } from "../template_names.ts";
import { brokerOption } from "./broker_option.ts";
import { example, printJson, programOf, shellWord } from "./output.ts";

/** What the command line gives. */
interface InitOptions {
  template: TemplateName;
  name?: string;
  id?: string;
  broker?: string;
  json?: true;
}

const TEMPLATES = TEMPLATE_NAMES
  .map((name) => `  ${name.padEnd(14)}${TEMPLATE_SUMMARIES[name]}`).join("\n");

/** `init [dir]` */
export function initCommand(): Command {
  return new Command("init")
    .description(
      "make a pod folder: pod.toml, owner.key, .gitignore, README.md; overwrites nothing",
    )
    .argument("[dir]", "the folder, made where it is not there", ".")
    .addOption(
      new Option("--template <name>", "what it begins as").choices(TEMPLATE_NAMES).default("blank"),
    )
    .option("--name <name>", "the pod's display name (default: the folder's name)")
    .option("--id <id>", "the id that visitors find it by (default: made of name and key)")
    .addOption(brokerOption("where it meets its visitors (default: signal.gemmapod.com)"))
    .option("--json", "print what was made as JSON")
    .addHelpText("after", `\nTemplates:\n${TEMPLATES}`)
    .addHelpText("after", example('init my-pod --name "Ada\'s card" --template card'))
    .action(async (dir: string, { json, id, ...options }: InitOptions, command: Command) => {
      const { initPod } = await import("../init_pod.ts"); // once it is called for
      const made = await initPod(dir, { ...options, podId: id })
        .catch(wrongUseFor("bad_name", "bad_pod_id"));
      if (json) return printJson(made);
      print(`made ${oneLine(dir)}: ${made.files.join(", ")}`);
      print(`pod id     ${made.podId}`);
      print(`owner key  ${made.ownerPubkey}`);
      const next = `${programOf(command)} build${dir === "." ? "" : ` ${shellWord(dir)}`}`;
      print(`next       edit pod.toml, then: ${next}`);
    });
}

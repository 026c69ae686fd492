import { Command, oneLine, print } from "../base/native.ts";
import { providerUrlOption } from "./options.ts";
import { examples, printJson } from "./output.ts";
import type { LinkOptions } from "./link_pod.ts";

/** `link <dir>` */
export function linkCommand(): Command {
  return new Command("link")
    .description("put a pod's folder into the saved library")
    .argument("<dir>", "the pod's folder")
    .option("--name <name>", "what to call it (default: its name in pod.toml)")
    .option("--model <name>", "the model to run it with, whatever pod.toml says")
    .addOption(providerUrlOption("the endpoint to run it with, whatever pod.toml says"))
    .option("--json", "print what was saved as JSON")
    .addHelpText("after", examples("link ./my-pod", "link ./my-pod --name shop"))
    .action(async (dir: string, { json, ...options }: LinkOptions & { json?: true }) => {
      const { linkPod } = await import("./link_pod.ts");
      const saved = await linkPod(dir, options);
      if (json) return printJson(saved);
      print(`saved ${oneLine(saved.slug)}: ${oneLine(saved.dir)}`);
      print(`run it with: gemmapod run ${saved.slug}`);
    });
}

/** `unlink <name>` */
export function unlinkCommand(): Command {
  return new Command("unlink")
    .description("take a pod out of the saved library; its files stay")
    .argument("<name>", "its name there")
    .option("--json", "print what was taken out as JSON")
    .addHelpText("after", examples("unlink my-pod"))
    .action(async (name: string, { json }: { json?: true }) => {
      const { unlinkPod } = await import("./link_pod.ts");
      const gone = await unlinkPod(name);
      if (json) return printJson(gone);
      print(`took out ${oneLine(gone.slug)}; its files stay in ${oneLine(gone.dir)}`);
    });
}

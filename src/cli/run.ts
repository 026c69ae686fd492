import { Command } from "../base/native.ts";
import { hostOptions } from "./host_options.ts";
import { examples } from "./output.ts";
import type { RunOptions } from "./pod_run.ts";

/** `run [name|path]` */
export function runCommand(): Command {
  const command = new Command("run")
    .description("serve a pod from this machine: in the Host that runs, else until Ctrl-C")
    .argument("[pod]", "the pod's folder, or its name in the saved library", ".")
    .option("--model <name>", "the model, whatever pod.toml says")
    .option("--once", "fail when the broker is not reached within 10 s")
    .option("-d, --detach", "serve it in the background, and return when it is served")
    .option("--json", "print what serves the pod as JSON, once it is served");
  for (const option of hostOptions()) command.addOption(option);
  return command
    .addHelpText(
      "after",
      examples(
        "run ./my-pod",
        "run my-pod -d",
        "run ./my-pod --model gemma4:e4b --provider-url http://localhost:11434",
        "run ./my-pod --provider demo",
      ),
    )
    .action(async (nameOrPath: string, options: RunOptions) => {
      await (await import("./check_host_options.ts")).checkHostOptions(options);
      if (options.detach) {
        await (await import("./run_detached.ts")).runDetached(nameOrPath, options);
      } else await (await import("./run_pod.ts")).runPod(nameOrPath, options); // it loads the Host
    });
}

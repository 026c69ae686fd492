import { Command, Option } from "../base/native.ts";
import { hostOptions } from "./host_options.ts";
import { examples } from "./output.ts";
import type { StartOptions } from "./start_options.ts";

/** `start` */
export function startCommand(): Command {
  const command = new Command("start")
    .description("start the Host: with the pods of last time, one that you choose, or none")
    .option("-d, --detach", "start it in the background, and return when it is ready")
    .option("--resume", "serve the pods of the last run again")
    .addOption(
      new Option("--empty", "do not ask which saved pod to run").conflicts("resume"),
    )
    .option(
      "--json",
      "print the Host's process and address as JSON when it is ready; asks nothing",
    );
  for (const option of hostOptions()) command.addOption(option);
  return command
    .addHelpText("after", examples("start", "start --detach --resume", "start --headless"))
    .action(async (options: StartOptions) => {
      await (await import("./check_host_options.ts")).checkHostOptions(options);
      if (options.detach) await (await import("./start_detached.ts")).startDetached(options);
      else await (await import("./start_host.ts")).startHost(options); // it loads the Host
    });
}

import { Command } from "../base/native.ts";
import { examples } from "./output.ts";

/** What the command line gives. */
interface StopOptions {
  json?: true;
}

/** `stop [pod]` */
export function stopCommand(): Command {
  return new Command("stop")
    .description("stop a pod of the running Host, or, without one, the Host")
    .argument("[pod]", "the pod's id or name")
    .option("--json", "print what was stopped as JSON")
    .addHelpText("after", examples("stop my-pod", "stop"))
    .action(async (pod: string | undefined, { json }: StopOptions) => {
      const { stopHost, stopPod } = await import("./stop_host.ts");
      const output = json ? "json" : "text";
      await (pod === undefined ? stopHost(output) : stopPod(pod, output));
    });
}

/** `kill` */
export function killCommand(): Command {
  return new Command("kill")
    .description("stop the running Host with all its pods")
    .option("--json", "print what was stopped as JSON")
    .addHelpText("after", examples("kill"))
    .action(async ({ json }: StopOptions) => {
      await (await import("./stop_host.ts")).stopHost(json ? "json" : "text");
    });
}

import { Command, Option } from "../base/native.ts";
import { logFormatOption, logLevelOption, parallelOption, portOption } from "./options.ts";
import type { RunOptions } from "./run_pod.ts";

const EXAMPLE = `
Examples:
  gemmapod run ./my-pod
  gemmapod run ./my-pod --model gemma4:e4b --provider-url http://localhost:11434
  gemmapod run ./my-pod --provider demo`;

/** `run [dir]` */
export function runCommand(): Command {
  return new Command("run")
    .description("serve a pod from this machine until Ctrl-C")
    .argument("[dir]", "the pod's folder", ".")
    .option("--model <name>", "the model, whatever pod.toml says")
    .option("--provider-url <url>", "an OpenAI-compatible endpoint (default: Ollama's)")
    .option("--api-key <key>", "the endpoint's key; better in GEMMAPOD_API_KEY")
    .addOption(
      new Option("--provider <kind>", "demo: built-in scripted answers, with nothing installed")
        .choices(["endpoint", "demo"]).default("endpoint"),
    )
    .addOption(portOption())
    .addOption(parallelOption())
    .option(
      "--ice-servers <json>",
      "a JSON array of RTCIceServer (default: two public STUN servers)",
    )
    .option("--headless", "without a dashboard")
    .option("--once", "fail when the broker is not reached within 10 s")
    .addOption(logFormatOption())
    .addOption(logLevelOption())
    .addHelpText("after", EXAMPLE)
    .action(async (dir: string, options: RunOptions) => {
      const { runPod } = await import("./run_pod.ts"); // the Host, which `--help` need not load
      await runPod(dir, options);
    });
}

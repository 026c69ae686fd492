import { Command } from "../base/native.ts";
import { brokerOption } from "../pack/native.ts";
import type { DoctorOptions } from "./doctor/machine.ts";
import { iceServersOption, providerUrlOption } from "./options.ts";
import { examples } from "./output.ts";

/** `doctor` */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("look at this machine: model, broker, network, files; say what to do for each")
    .option("--model <name>", "the model to look for (default: those of the known pods)")
    .addOption(providerUrlOption("the model endpoint (default: of the pods, else Ollama's)"))
    .option("--api-key <key>", "the endpoint's key; better in GEMMAPOD_API_KEY")
    .addOption(brokerOption("the broker to ask (default: those of the known pods)"))
    .addOption(iceServersOption())
    .option("--json", "print what was found as JSON; ok is true or false")
    .addHelpText("after", examples("doctor", "doctor --broker https://pods.example --json"))
    .addHelpText("after", "\nThe exit code is 1 when something must be mended.")
    .action(async (options: DoctorOptions & { json?: true }) => {
      if (options.iceServers !== undefined) {
        await (await import("./check_host_options.ts")).checkIceServers(options.iceServers);
      }
      await (await import("./doctor/examine.ts")).examine(options);
    });
}

import { Command, Option, WrongUse } from "../base/native.ts";
import { brokerOption, TEMPLATE_NAMES } from "../pack/native.ts";
import type { CreateOptions } from "./create/answers.ts";
import { providerUrlOption } from "./options.ts";
import { examples } from "./output.ts";

const WITHOUT_TERMINAL = `
Without a terminal nobody is asked: --name, --template, --dir, --broker and
--model (or --provider demo) are needed then, or --name and --yes. What is left
in the middle goes on at the next \`gemmapod create\`.`;

/** `create` */
export function createCommand(): Command {
  return new Command("create")
    .description("make a pod step by step: questions first, and at the end it runs at its address")
    .option("--name <name>", "the pod's display name")
    .addOption(
      new Option("--template <name>", "what the pod does").choices([...TEMPLATE_NAMES]),
    )
    .option("--dir <folder>", "the pod's folder, made where it is not there")
    .option("--key <file>", "an owner's key to sign with (default: a new one)")
    .option("--model <name>", "the model that answers")
    .addOption(providerUrlOption("an OpenAI-compatible endpoint (default: Ollama's)"))
    .option("--api-key <key>", "the endpoint's key; better in GEMMAPOD_API_KEY")
    .addOption(
      new Option("--provider <kind>", "demo: built-in scripted answers, with nothing installed")
        .choices(["endpoint", "demo"]),
    )
    .option("--pull", "have Ollama download the model where it does not have it")
    .addOption(
      brokerOption("where visitors find the pod (default with --yes: the public one)"),
    )
    .addOption(
      new Option("-d, --detach", "run it in the background, and return when it is reachable")
        .conflicts("run"),
    )
    .option("--no-run", "do not run it yet")
    .option("-y, --yes", "take the default of whatever is not given, and ask nothing")
    .option("--json", "ask nothing, and print what was made as JSON")
    .addHelpText("after", WITHOUT_TERMINAL)
    .addHelpText(
      "after",
      examples(
        "create",
        'create --name "Ada\'s card" --template card --yes -d',
        "create --name Shop --template order-taking --dir shop \\\n" +
          "    --model gemma4:e4b --broker https://pods.example --json",
      ),
    )
    .action(async (options: CreateOptions, command: Command) => {
      refuseContradictions(options);
      const { create } = await import("./create/create_pod.ts");
      await create(options, (message) => command.error(`error: ${message}`, { exitCode: 2 }));
    });
}

/** Flags of which one would be left out without a word. */
function refuseContradictions({ provider, model, providerUrl, pull }: CreateOptions): void {
  if (provider === "demo" && (model ?? providerUrl ?? pull) !== undefined) {
    throw new WrongUse(
      "--provider demo asks no model: leave --model, --provider-url and --pull out",
    );
  }
  if (pull && model === undefined) {
    throw new WrongUse("--pull needs --model, which says what to pull");
  }
}

import { join, resolve } from "node:path";
import { TEMPLATE_NAMES, TEMPLATE_SUMMARIES } from "../../pack/native.ts";
import { slugOf } from "../../pod/mod.ts";
import { POD_TOML } from "../../pod/native.ts";
import type { AllAnswers, Answers } from "./answers.ts";
import { askBroker } from "./ask_broker.ts";
import { askModel } from "./ask_model.ts";
import type { Prompts } from "./prompts.ts";

/** What a wizard is given. */
export interface WizardOptions {
  readonly prompts: Prompts;
  /** What is known already, from flags or from the last time: it is not asked. */
  readonly known: Answers;
  /** Where models are looked for first. */
  readonly endpoint: { readonly url: string; readonly apiKey?: string };
  /** Called after each answer, so that the next time can go on there. */
  keep(answers: Answers): Promise<void>;
}

/** Asks whatever is open, in turn. */
export async function askAll(options: WizardOptions): Promise<AllAnswers> {
  const { prompts, known, endpoint, keep } = options;
  const given = { ...known };
  async function answered<K extends keyof Answers>(
    key: K,
    ask: () => Promise<NonNullable<Answers[K]>>,
  ): Promise<NonNullable<Answers[K]>> {
    const before = given[key];
    if (before !== undefined && before !== null) return before;
    const answer = await ask();
    given[key] = answer;
    await keep({ ...given });
    return answer;
  }

  const name = await answered("name", () =>
    prompts.text({
      message: "What is the pod called?",
      placeholder: "Ada's card",
      refuse: (answer) => answer === "" ? "Write a name; it can be changed later." : undefined,
    }));
  const template = await answered("template", () =>
    prompts.select({
      message: "What does it do?",
      choices: TEMPLATE_NAMES.map((value) => ({
        value,
        label: value,
        hint: TEMPLATE_SUMMARIES[value],
      })),
      initial: "card",
    }));
  const model = await answered("model", () => askModel(prompts, endpoint));
  const broker = await answered("broker", () => askBroker(prompts));
  const dir = await answered("dir", async () =>
    resolve(
      await prompts.text({
        message: "Which folder is it made in?",
        initial: `./${slugOf(name) || "pod"}`,
        refuse: refuseFolder,
      }),
    ));
  const key = await answered("key", () => askKey(prompts));
  const run = await answered("run", () =>
    prompts.select({
      message: "How does it run?",
      choices: [
        { value: "background", label: "In the background", hint: "`gemmapod stop` ends it" },
        { value: "here", label: "Here", hint: "until Ctrl-C" },
        { value: "later", label: "Not yet", hint: "`gemmapod run` starts it" },
      ],
    }));
  return { name, template, model, broker, dir, key, run };
}

async function askKey(prompts: Prompts): Promise<NonNullable<Answers["key"]>> {
  const kind = await prompts.select({
    message: "Which key signs it?",
    choices: [
      { value: "new", label: "A new one", hint: "owner.key in its folder: keep a copy" },
      { value: "file", label: "One that I have", hint: "it is copied into the folder" },
    ],
  });
  if (kind === "new") return { kind };
  const path = await prompts.text({
    message: "Where is it?",
    placeholder: "../other-pod/owner.key",
    refuse: (answer) => isFile(answer) ? undefined : "There is no such file.",
  });
  return { kind, path: resolve(path) };
}

/** Why no pod can be made there. */
function refuseFolder(answer: string): string | undefined {
  if (answer === "") return "Write a folder.";
  return isFile(join(resolve(answer), POD_TOML)) ? "A pod is there already." : undefined;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

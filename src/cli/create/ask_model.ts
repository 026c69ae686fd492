import { errorMessage } from "../../base/mod.ts";
import { findModels } from "../models/find_models.ts";
import { type ChosenModel, keepableUrl } from "./answers.ts";
import type { Choice, Prompts } from "./prompts.ts";
import { pullWithProgress } from "./pull.ts";

/** Models that are offered for download. */
const OFFERED: readonly Choice<`pull ${string}`>[] = [
  { value: "pull gemma4:e4b", label: "Download gemma4:e4b", hint: "the usual one" },
  { value: "pull gemma4:e2b", label: "Download gemma4:e2b", hint: "for less memory" },
];

/** Asks which model answers, until there is one. */
export async function askModel(
  prompts: Prompts,
  first: { url: string; apiKey?: string },
): Promise<ChosenModel> {
  let { url } = first;
  for (;;) {
    const endpoint = { url, apiKey: first.apiKey };
    const found = await findModels(endpoint);
    const models = found.kind === "none" ? [] : found.models;
    if (found.kind === "none") prompts.say("warn", `${url}: ${found.why}.`);
    const choices: Choice<string>[] = [
      ...models.map((model) => ({ value: `use ${model}`, label: model })),
      ...(found.kind === "ollama" ? OFFERED.filter(({ value }) => !isThere(value, models)) : []),
      ...(found.kind === "ollama"
        ? [{ value: "pull", label: "Download another", hint: "by its name in Ollama's library" }]
        : []),
      { value: "demo", label: "The built-in demo", hint: "scripted answers, nothing to install" },
      { value: "url", label: "Look at another address", hint: "any OpenAI-compatible endpoint" },
      ...(found.kind === "none" ? [{ value: "again", label: "Look here again" }] : []),
    ];
    const choice = await prompts.select({
      message: models.length > 0
        ? `Which model answers? (${url})`
        : "No model was found. What now?",
      choices,
    });
    const [verb, model] = split(choice);
    switch (verb) {
      case "use":
        return { kind: "endpoint", url, model };
      case "demo":
        return { kind: "demo" };
      case "pull": {
        const name = model !== "" ? model : await prompts.text({
          message: "Which one?",
          placeholder: "gemma4:e4b",
          refuse: (answer) => answer === "" ? "Write its name." : undefined,
        });
        if (await pulled(prompts, endpoint, name)) return { kind: "endpoint", url, model: name };
        break;
      }
      case "url":
        url = keepableUrl(
          await prompts.text({
            message: "Its address?",
            placeholder: "http://localhost:8080/v1",
            refuse: refuseUrl,
          }),
        );
    }
  }
}

function isThere(offer: string, models: readonly string[]): boolean {
  return models.includes(split(offer)[1]);
}

/** A choice is a verb, and often what it is about. */
function split(choice: string): [string, string] {
  const at = choice.indexOf(" ");
  return at === -1 ? [choice, ""] : [choice.slice(0, at), choice.slice(at + 1)];
}

async function pulled(
  prompts: Prompts,
  endpoint: { url: string; apiKey: string | undefined },
  model: string,
): Promise<boolean> {
  try {
    await pullWithProgress(endpoint, model);
    prompts.say("done", `${model} is there.`);
    return true;
  } catch (error) {
    prompts.say("error", errorMessage(error));
    return false;
  }
}

function refuseUrl(answer: string): string | undefined {
  try {
    if (answer === "") return "Write an address.";
    keepableUrl(answer);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}

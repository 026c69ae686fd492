import { resolve } from "node:path";
import { CodedError } from "../../base/mod.ts";
import { warn } from "../../base/native.ts";
import { DEFAULT_SIGNAL_URL, slugOf } from "../../pod/mod.ts";
import { findModels } from "../models/find_models.ts";
import {
  type AllAnswers,
  type Answers,
  type ChosenModel,
  type CreateOptions,
  keepableUrl,
  missingFlags,
} from "./answers.ts";
import { pullWithProgress } from "./pull.ts";

/** Ends the program for being called wrongly. */
export type Misused = (message: string) => never;

/** What flags say. Rejects where they say what cannot be. */
export async function knownOf(options: CreateOptions): Promise<Answers> {
  const { name, template, dir, broker, key, run, detach } = options;
  const model = await modelOf(options);
  return {
    ...(name === undefined ? {} : { name }),
    ...(template === undefined ? {} : { template }),
    ...(dir === undefined ? {} : { dir: resolve(dir) }),
    ...(model === undefined ? {} : { model }),
    ...(broker === undefined ? {} : { broker }),
    ...(key === undefined ? {} : { key: { kind: "file", path: resolve(key) } }),
    ...(run ? detach ? { run: "background" } : {} : { run: "later" }),
  };
}

/** The model that flags name, which must be there or be pulled. */
async function modelOf(options: CreateOptions): Promise<ChosenModel | undefined> {
  if (options.provider === "demo") return { kind: "demo" };
  const { model } = options;
  if (model === undefined) return undefined;
  const endpoint = { url: keepableUrl(options.providerUrl), apiKey: keyOf(options) };
  const found = await findModels(endpoint);
  if (found.kind === "none") {
    warn(`${found.url}: ${found.why}; the pod answers when ${model} is there`);
  } else if (!found.models.includes(model) && !found.models.includes(`${model}:latest`)) {
    if (found.kind === "openai") warn(`${found.url} does not list ${model}`);
    else if (options.pull) await pullWithProgress(endpoint, model, options.json);
    else {
      throw new CodedError(
        "no_model",
        `Ollama does not have ${model}: have it downloaded with --pull, or take one of ` +
          (found.models.join(", ") || "none: it has no model"),
      );
    }
  }
  return { kind: "endpoint", url: endpoint.url, model };
}

/** Everything from flags, and with `--yes` from what is usual. */
export async function withoutAsking(options: CreateOptions, misused: Misused): Promise<AllAnswers> {
  const { name, ...known } = await knownOf(options);
  const missing = missingFlags({ name, ...known });
  if (name === undefined || (missing.length > 0 && !options.yes)) {
    const wanted = options.yes ? ["--name"] : missing;
    misused(
      `Cannot ask here: ${wanted.join(", ")} ${wanted.length === 1 ? "is" : "are"} missing` +
        (options.yes ? "" : "; --name and --yes take the defaults of the rest"),
    );
  }
  return {
    template: "blank",
    dir: resolve(slugOf(name) || "pod"),
    broker: DEFAULT_SIGNAL_URL,
    key: { kind: "new" },
    run: "here",
    ...known,
    name,
    model: known.model ?? await firstModel(options),
  };
}

async function firstModel(options: CreateOptions): Promise<ChosenModel> {
  const endpoint = { url: keepableUrl(options.providerUrl), apiKey: keyOf(options) };
  const found = await findModels(endpoint);
  const model = found.kind === "none" ? undefined : found.models[0];
  if (model !== undefined) return { kind: "endpoint", url: found.url, model };
  throw new CodedError(
    "no_model",
    `There is no model at ${found.url}${found.kind === "none" ? `: ${found.why}` : ""}. ` +
      "Start Ollama and pull one, name one with --model and --pull, or take --provider demo",
  );
}

/** The endpoint's key, from a flag or the environment; it is kept nowhere. */
export function keyOf({ apiKey }: CreateOptions): string | undefined {
  return apiKey ?? (Deno.env.get("GEMMAPOD_API_KEY") || undefined);
}

import { oneLine } from "../../base/native.ts";
import { nearestName } from "../../pod/mod.ts";
import { runningHost } from "../host_client.ts";
import { findModels, type FoundModels } from "../models/find_models.ts";
import { showModel } from "../models/show_model.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";
import type { NeededModel } from "./machine.ts";

/** A list that has answered. */
type Answered = Exclude<FoundModels, { kind: "none" }>;

/**
 * Whether each model that is needed is there, with the context and the tools that it is used with.
 *
 * @param wanted `named`: a person asks for this very one; `usual`: where a Host answers with the
 *   demo, none is missed
 */
export function modelCheck(needed: readonly NeededModel[], wanted: "named" | "usual"): Check {
  return {
    name: "model",
    look: async (signal) => {
      const [looked, isDemo] = await Promise.all([
        Promise.all(needed.map((one) => lookAt(one, signal))),
        answersWithDemo(),
      ]);
      const findings = looked.flat();
      if (!isDemo || wanted === "named") return findings;
      return [DEMO, ...findings.filter(({ status }) => status !== "bad")];
    },
  };
}

/** What is said of a Host that was started with `--provider demo`. */
const DEMO: Finding = {
  check: "model",
  status: "warn",
  found: "the Host that runs answers with the built-in demo: scripted answers, no model",
  todo: "nothing, to try things out; for a model, start Ollama, then `gemmapod stop` and start " +
    "the Host without --provider demo",
};

/** A Host that cannot be asked is looked at by its own check. */
async function answersWithDemo(): Promise<boolean> {
  try {
    return await (await runningHost())?.answersWithDemo() ?? false;
  } catch {
    return false;
  }
}

async function lookAt(needed: NeededModel, signal: AbortSignal): Promise<Finding[]> {
  const endpoint = { url: needed.providerUrl, apiKey: needed.apiKey };
  const found = await findModels(endpoint, signal);
  const url = publicUrl(found.url);
  if (found.kind === "none") {
    return [{
      check: "model",
      status: "bad",
      found: `no model answers at ${url}: ${found.why}`,
      todo: "start Ollama (`ollama serve`), or name another endpoint with --provider-url; " +
        "`gemmapod run --provider demo` needs none",
    }];
  }
  const model = needed.model ?? found.models[0];
  const missing = missingModel(model, found, url);
  if (model === undefined || missing !== undefined) return missing ?? [];
  const there: Finding = { check: "model", status: "good", found: `${oneLine(model)} at ${url}` };
  if (found.kind !== "ollama") return [there];
  return [there, ...await lookCloser(needed, model, signal)];
}

/** What is to be said of a model that is not there; undefined where it is. */
function missingModel(
  model: string | undefined,
  { kind, models }: Answered,
  url: string,
): Finding[] | undefined {
  const isOllama = kind === "ollama";
  if (model === undefined) {
    return [{
      check: "model",
      status: "bad",
      found: `${url} answers, and has no model`,
      todo: isOllama ? "pull one: `ollama pull gemma4:e4b`" : "load a model there",
    }];
  }
  const names = new Set([model, `${model}:latest`]); // Ollama's own default
  if (models.some((name) => names.has(name))) return undefined;
  if (!isOllama && models.length === 0) {
    return [{
      check: "model",
      status: "warn",
      found: `${url} does not say which models it has, so ${oneLine(model)} may be missing`,
      todo: "ask a pod something",
    }];
  }
  const near = nearestName(model, models);
  const hint = near === undefined ? "" : `; did you mean ${oneLine(near)}?`;
  return [{
    check: "model",
    status: "bad",
    found: `${oneLine(model)} is not at ${url}${hint}`,
    todo: isOllama
      ? `pull it: \`ollama pull ${oneLine(model)}\`, or name another in pod.toml`
      : "load it there, or name another in pod.toml",
  }];
}

/** What only Ollama tells. */
async function lookCloser(
  { providerUrl, apiKey, context: wanted, usesTools }: NeededModel,
  model: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  let shown;
  try {
    shown = await showModel({ url: providerUrl, apiKey }, model, signal);
  } catch {
    return [{
      check: "context",
      status: "warn",
      found: `Ollama does not show ${oneLine(model)}, so its context is not known`,
      todo: "update Ollama, or see what `ollama show` says of it",
    }];
  }
  const findings: Finding[] = [];
  const most = Math.min(shown.context ?? Infinity, shown.loadedContext ?? Infinity);
  if (wanted > most) {
    const raise = wanted <= (shown.context ?? 0)
      ? `raise num_ctx of ${oneLine(model)} in Ollama, or set [llm] context = ${most} in pod.toml`
      : `set [llm] context = ${most} in pod.toml`;
    findings.push({
      check: "context",
      status: "bad",
      found: `${oneLine(model)} takes ${most} tokens, and a pod gives it up to ${wanted}: ` +
        "Ollama would cut what is beyond without a word",
      todo: raise,
    });
  } else {
    const own = shown.context === undefined ? "" : `; the model could take ${shown.context}`;
    findings.push({
      check: "context",
      status: "good",
      found: `conversations with ${oneLine(model)} have up to ${wanted} tokens${own}`,
    });
  }
  if (usesTools && shown.capabilities !== undefined && !shown.capabilities.includes("tools")) {
    findings.push({
      check: "tools",
      status: "warn",
      found: `a pod has tools, and ${oneLine(model)} cannot call any`,
      todo: "take a model that can, or the pod answers without them",
    });
  }
  return findings;
}

/** An address as it may be shown: without a password or a query. */
function publicUrl(text: string): string {
  const url = URL.parse(text);
  return url === null ? "" : `${url.origin}${url.pathname}`.replace(/\/$/, "");
}

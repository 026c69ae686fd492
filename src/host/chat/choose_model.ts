import { resolveModel } from "../../pod/mod.ts";

/** What the model's name is chosen from. */
export interface ModelChoice {
  /** `--model`. */
  readonly override?: string;
  readonly pod: {
    readonly model?: string;
    readonly llm?: { readonly model?: string; readonly models?: readonly string[] };
  };
  /** The verified manifest. */
  readonly manifest?: { readonly model?: string | null };
  /** What the visitor asked for. */
  readonly requested?: string;
  /** The endpoint's models, where a visitor may choose among them (`gemmapod origin`). */
  readonly listed?: readonly string[];
}

/**
 * The model that answers (dartc.md, "Which model"): what the visitor asked for where `[llm].models`
 * lists it, else `--model`, `[llm].model`, `model` of `pod.toml`, the manifest's, else what the visitor
 * asked for where a pod without a `pod.toml` has an endpoint that lists it. Undefined where nobody
 * names one.
 */
export function chooseModel(choice: ModelChoice): string | undefined {
  const { override, pod, manifest, requested, listed } = choice;
  if (requested !== undefined && pod.llm?.models?.includes(requested)) return requested;
  const named = override ?? resolveModel(pod) ?? manifest?.model ?? undefined;
  return named ?? (requested !== undefined && listed?.includes(requested) ? requested : undefined);
}

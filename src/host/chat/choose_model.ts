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
}

/**
 * The model that answers (dartc.md, "Which model"): what the visitor asked for where `[llm].models`
 * lists it, else `--model`, `[llm].model`, `model` of `pod.toml`, the manifest's. Undefined where
 * nobody names one.
 */
export function chooseModel(choice: ModelChoice): string | undefined {
  const { override, pod, manifest, requested } = choice;
  if (requested !== undefined && pod.llm?.models?.includes(requested)) return requested;
  return override ?? resolveModel(pod) ?? manifest?.model ?? undefined;
}

/** What of a manifest, or of a `pod.toml`, a prompt is built from. */
export interface PromptSource {
  readonly system_prompt: string;
}

/**
 * The model's system message: of the verified manifest where there is one, else of the pod's own
 * `pod.toml`. A visitor's is never used (dartc.md, "One chat run, in order").
 */
export function buildSystemPrompt(pod: PromptSource, manifest?: PromptSource): string {
  return (manifest ?? pod).system_prompt;
}

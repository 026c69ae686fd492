import { z } from "zod";
import { askJson, type Endpoint, ollamaBase } from "./endpoint.ts";

/** What Ollama says of a model. */
export interface ShownModel {
  /** The longest context that the model was made for, in tokens. */
  readonly context?: number;
  /** What it is loaded with where nobody asks for more, in tokens. */
  readonly loadedContext?: number;
  /** `completion`, `tools`, `vision`, …; undefined where an older Ollama does not say. */
  readonly capabilities?: readonly string[];
}

const shown = z.object({
  model_info: z.record(z.string(), z.unknown()).optional(),
  parameters: z.string().optional(),
  capabilities: z.array(z.string()).optional(),
});

/** Asks Ollama for a model, by `/api/show`. Rejects where it does not know it, or is no Ollama. */
export async function showModel(
  endpoint: Endpoint,
  model: string,
  signal: AbortSignal,
): Promise<ShownModel> {
  const address = `${ollamaBase(endpoint)}/api/show`;
  const said = shown.parse(await askJson(endpoint, address, signal, { model }));
  const [, context] = Object.entries(said.model_info ?? {})
    .find(([key]) => key.endsWith(".context_length")) ?? [];
  const loaded = /^num_ctx\s+(\d+)/m.exec(said.parameters ?? "")?.[1];
  return {
    ...(typeof context === "number" ? { context } : {}),
    ...(loaded === undefined ? {} : { loadedContext: Number(loaded) }),
    ...(said.capabilities === undefined ? {} : { capabilities: said.capabilities }),
  };
}

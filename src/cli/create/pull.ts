import { onStopSignal } from "../../host/native.ts";
import type { Endpoint } from "../models/endpoint.ts";
import { pullModel } from "../models/pull_model.ts";
import { startProgress } from "../../base/native.ts";

/**
 * Has Ollama download a model, with a bar on a terminal. Ctrl-C leaves it; what was downloaded
 * stays.
 *
 * Rejects as `pullModel` does; with an `AbortError` where the person left.
 */
export async function pullWithProgress(endpoint: Endpoint, model: string): Promise<void> {
  const left = new AbortController();
  using _signals = onStopSignal(() => left.abort());
  using progress = startProgress(`pulling ${model}`);
  await pullModel(endpoint, model, ({ status, done, total }) => {
    const isLayer = total !== undefined && /^(pulling [0-9a-f]{6,}|downloading)/.test(status);
    if (isLayer) progress.update(done, total, `pulling ${model}`);
    else progress.update(0, undefined, status);
  }, left.signal);
}

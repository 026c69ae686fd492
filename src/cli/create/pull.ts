import { CodedError } from "../../base/mod.ts";
import { startProgress } from "../../base/native.ts";
import { onStopSignal } from "../../host/native.ts";
import type { Endpoint } from "../models/endpoint.ts";
import { pullModel } from "../models/pull_model.ts";

/**
 * Has Ollama download a model, with a bar on a terminal, but not beside JSON. Ctrl-C leaves it; what
 * was downloaded stays.
 *
 * Rejects as `pullModel` does; with {@linkcode CodedError} `left` where the person left.
 */
export async function pullWithProgress(
  endpoint: Endpoint,
  model: string,
  json?: true,
): Promise<void> {
  const left = new AbortController();
  using _signals = onStopSignal(() =>
    left.abort(
      new CodedError(
        "left",
        `${model} is not there yet; the next download goes on where this ended`,
      ),
    )
  );
  using progress = json ? undefined : startProgress(`pulling ${model}`);
  await pullModel(endpoint, model, ({ status, done, total }) => {
    const isLayer = total !== undefined && /^(pulling [0-9a-f]{6,}|downloading)/.test(status);
    if (isLayer) progress?.update(done, total, `pulling ${model}`);
    else progress?.update(0, undefined, status);
  }, left.signal);
}

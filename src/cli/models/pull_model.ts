import { z } from "zod";
import { CodedError, noAnswer } from "../../base/mod.ts";
import { ask, type Endpoint, ollamaBase } from "./endpoint.ts";

/** How far a pull is. */
export interface PullProgress {
  /** What Ollama says that it does. */
  readonly status: string;
  /** Bytes of the layers that it has named so far. */
  readonly done: number;
  /** Undefined until it has named one. */
  readonly total?: number;
}

const line = z.object({
  status: z.string().optional(),
  digest: z.string().optional(),
  total: z.number().nonnegative().optional(),
  completed: z.number().nonnegative().optional(),
  error: z.string().optional(),
});

/** The longest line that is read, in characters; Ollama's have 200. */
const MAX_LINE_CHARS = 64 * 1024;

/**
 * Has Ollama download a model, by `POST /api/pull`. What was downloaded stays there when this is
 * aborted, and the next pull goes on with it.
 *
 * Rejects with {@linkcode CodedError} `not_pulled` and Ollama's own words, or with the signal's
 * reason.
 */
export async function pullModel(
  endpoint: Endpoint,
  model: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const address = `${ollamaBase(endpoint)}/api/pull`;
  try {
    await follow(await ask(endpoint, address, signal, { model, stream: true }), model, onProgress);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CodedError) throw error;
    const { why, todo } = noAnswer(error);
    throw notPulled(model, `${why}; ${todo}`, error);
  }
}

/** Reads what Ollama says of a pull, to its end. */
async function follow(
  answer: Response,
  model: string,
  onProgress: (progress: PullProgress) => void,
): Promise<void> {
  const layers = new Map<string, { total: number; completed: number }>();
  let status = "";
  for await (const text of linesOf(answer)) {
    const said = line.safeParse(jsonOf(text)).data ?? {};
    if (said.error !== undefined) throw notPulled(model, said.error);
    status = said.status ?? status;
    const { digest, total, completed = 0 } = said;
    if (digest !== undefined && total !== undefined) layers.set(digest, { total, completed });
    onProgress({ status, ...sumOf([...layers.values()]) });
  }
  if (!answer.ok) throw notPulled(model, `it answered ${answer.status}`);
  if (status !== "success") throw notPulled(model, "the download broke off; try again");
}

function sumOf(layers: readonly { total: number; completed: number }[]) {
  const sum = (of: (layer: { total: number; completed: number }) => number) =>
    layers.reduce((all, layer) => all + of(layer), 0);
  const done = sum(({ completed }) => completed);
  return layers.length === 0 ? { done } : { done, total: sum(({ total }) => total) };
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  let rest = "";
  const decoded = answer.body?.pipeThrough(new TextDecoderStream()) ?? [];
  for await (const chunk of decoded) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_CHARS) throw new CodedError("not_pulled", "its answer is too long");
    yield* lines.filter((text) => text.trim() !== "");
  }
  if (rest.trim() !== "") yield rest;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a line that says nothing
  }
}

function notPulled(model: string, why: string, cause?: unknown): CodedError {
  return new CodedError("not_pulled", `Ollama could not pull ${model}: ${why}`, { cause });
}

import { z } from "zod";
import { DEMO_MODEL } from "./demo_model.ts";
import { ollamaRoot } from "./keep_alive.ts";
import { apiBase } from "./language_model.ts";
import { looksLikeOllama, type ProviderSettings, publicUrl } from "./provider.ts";

/** What an endpoint has (host.md, `GET /api/v1/models`). */
export interface ModelList {
  /** Without a password. */
  readonly url: string;
  /** Whether it gave its list. */
  readonly connected: boolean;
  /** Whose list it is. Where nobody answers, whose it most likely would be. */
  readonly format: "openai" | "ollama";
  readonly models: readonly string[];
}

/** How long an endpoint may take for its list, in milliseconds. */
const ANSWER_WITHIN_MS = 3_000;

/** The longest list that is read, in bytes; hosted endpoints with hundreds of models have 200 KB. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** What is shown of a list at most. */
const MAX_MODELS = 1_000;
const MAX_NAME_CHARS = 256;

const name = z.string().min(1).max(MAX_NAME_CHARS);
const openAiList = z.object({ data: z.array(z.object({ id: name }).or(z.unknown())) });
const ollamaList = z.object({ models: z.array(z.object({ name }).or(z.unknown())) });
const named = z.union([
  z.object({ id: name }).transform(({ id }) => id),
  z.object({ name }).transform((model) => model.name),
]);

/** Asks an endpoint for its models, in Ollama's own way and in OpenAI's. Never rejects. */
export async function listModels(
  settings: ProviderSettings,
  signal?: AbortSignal,
): Promise<ModelList> {
  if (settings.kind === "demo") {
    return { url: "demo", connected: true, format: "openai", models: [DEMO_MODEL] };
  }
  const { url } = settings;
  const ask = (address: string) => getJson(address, settings.apiKey, signal);
  const [ollama, openAi] = await Promise.all([
    ask(`${ollamaRoot(url)}/api/tags`).then((list) => ollamaList.safeParse(list).data?.models),
    ask(`${apiBase(url)}/models`).then((list) => openAiList.safeParse(list).data?.data),
  ]);
  const found = ollama ?? openAi;
  return {
    url: publicUrl(url),
    connected: found !== undefined,
    format: ollama !== undefined || (openAi === undefined && looksLikeOllama(settings))
      ? "ollama"
      : "openai",
    models: namesOf(found ?? []),
  };
}

function namesOf(models: readonly unknown[]): string[] {
  const names = models.flatMap((model) => {
    const read = named.safeParse(model);
    return read.success ? [read.data] : [];
  });
  return [...new Set(names)].slice(0, MAX_MODELS);
}

/** What an address answers; undefined where it does not, or not with JSON. */
async function getJson(
  address: string,
  apiKey: string | undefined,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_WITHIN_MS);
  const stop = () => late.abort();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const response = await fetch(address, {
      headers: {
        accept: "application/json",
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      redirect: "error", // nobody but the endpoint is asked
      signal: late.signal,
    });
    if (!response.ok) return void await response.body?.cancel();
    return JSON.parse(await textOf(response));
  } catch {
    return undefined; // down, slow, or something else entirely
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_LIST_BYTES) throw new RangeError("the list is too long");
  }
  return text + decoder.decode();
}

import { apiBase } from "./language_model.ts";

/** What {@linkcode keepLoaded} needs. */
export interface KeepLoaded {
  /** The endpoint as its owner wrote it. */
  readonly url: string;
  readonly apiKey?: string;
  readonly model: string;
  /** A duration as `5m`, or seconds; 0 unloads at once, less than 0 keeps it for ever. */
  readonly keepAlive: string | number;
  readonly signal: AbortSignal;
}

/** How long Ollama may take to note it, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * Tells Ollama how long a model that has just answered stays loaded. Its `/v1`, like everybody
 * else's, has no such setting, and leaves alone what was said here (ollama/ollama#9355); a request
 * without a prompt says it and nothing else.
 *
 * Rejects where Ollama does not take it.
 */
export async function keepLoaded(options: KeepLoaded): Promise<void> {
  const { url, apiKey, model, keepAlive, signal } = options;
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  const timer = setTimeout(onAbort, ANSWER_WITHIN_MS);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const response = await fetch(`${ollamaRoot(url)}/api/generate`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model, keep_alive: inOllamasWords(keepAlive), stream: false }),
      redirect: "error", // nobody but the endpoint is asked
      signal: stop.signal,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the endpoint answered ${response.status}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Ollama's own API lies beside `/v1`. */
export function ollamaRoot(url: string): string {
  return apiBase(url).replace(/\/v\d+[a-z0-9]*$/, "");
}

/** A text without a unit is none of Ollama's durations: seconds are a number. */
function inOllamasWords(keepAlive: string | number): string | number {
  const isPlain = typeof keepAlive === "string" && /^-?\d+(\.\d+)?$/.test(keepAlive);
  return isPlain ? Number(keepAlive) : keepAlive;
}

import { CodedError } from "../../base/mod.ts";

/** An endpoint, and what it wants to see. */
export interface Endpoint {
  /** As its owner wrote it, with or without `/v1`. */
  readonly url: string;
  readonly apiKey?: string;
}

/** The longest answer that is read, in bytes; hosted endpoints with hundreds of models have 200 KB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** The base of its OpenAI-compatible API (host.md, "Models"). */
export function openAiBase({ url }: Endpoint): string {
  const base = url.replace(/\/+$/, "");
  return /\/v\d+[a-z0-9]*(\/|$)/.test(base) ? base : `${base}/v1`;
}

/** The base of Ollama's own API, which lies beside `/v1`. */
export function ollamaBase(endpoint: Endpoint): string {
  return openAiBase(endpoint).replace(/\/v\d+[a-z0-9]*$/, "");
}

/** Asks an endpoint and nobody else: where it points elsewhere is not followed. */
export async function ask(
  { apiKey }: Endpoint,
  address: string,
  signal: AbortSignal,
  body?: unknown,
): Promise<Response> {
  return await fetch(address, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      accept: "application/json",
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "error",
    signal,
  });
}

/** What it answers as JSON. Rejects where it refuses, where that is none, and where it is too long. */
export async function askJson(
  endpoint: Endpoint,
  address: string,
  signal: AbortSignal,
  body?: unknown,
): Promise<unknown> {
  const answer = await ask(endpoint, address, signal, body);
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new CodedError("refused", `it answered ${answer.status}`);
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) throw new CodedError("too_long", "its answer is too long");
  }
  return JSON.parse(text + decoder.decode());
}

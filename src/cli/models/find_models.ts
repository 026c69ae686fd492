import { z } from "zod";
import { CodedError, noAnswer } from "../../base/mod.ts";
import { askJson, type Endpoint, ollamaBase, openAiBase } from "./endpoint.ts";

/** What is at an address. */
export type FoundModels =
  | { readonly kind: "ollama" | "openai"; readonly url: string; readonly models: readonly string[] }
  | { readonly kind: "none"; readonly url: string; readonly why: string };

/** How long an endpoint may take for its list, in milliseconds. */
const ANSWER_WITHIN_MS = 3_000;

/** The longest list that is offered to a person. */
const MAX_MODELS = 1_000;

/** Models that make vectors, not answers. */
const NOT_FOR_CHAT = /embed|rerank|whisper/i;

/** The family that the project is made for. */
const PREFERRED = /gemma/i;

const name = z.string().min(1).max(256);
const ollamaList = z.object({ models: z.array(z.object({ name })) });
const openAiList = z.object({ data: z.array(z.object({ id: name })) });

/**
 * Asks an endpoint for the models that chat: in Ollama's own way and in OpenAI's. Gemma's come
 * first. Never rejects: where nobody answers it says why, as the end of a sentence.
 */
export async function findModels(endpoint: Endpoint, signal?: AbortSignal): Promise<FoundModels> {
  const { url } = endpoint;
  const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const until = signal === undefined ? late : AbortSignal.any([late, signal]);
  const [ollama, openAi] = await Promise.allSettled([
    askJson(endpoint, `${ollamaBase(endpoint)}/api/tags`, until).then((list) =>
      ollamaList.parse(list).models.map((model) => model.name)
    ),
    askJson(endpoint, `${openAiBase(endpoint)}/models`, until).then((list) =>
      openAiList.parse(list).data.map(({ id }) => id)
    ),
  ]);
  if (ollama.status === "fulfilled") return { kind: "ollama", url, models: sorted(ollama.value) };
  if (openAi.status === "fulfilled") return { kind: "openai", url, models: sorted(openAi.value) };
  return { kind: "none", url, why: reasonOf(openAi.reason) };
}

function sorted(models: readonly string[]): string[] {
  const chatting = [...new Set(models)].filter((model) => !NOT_FOR_CHAT.test(model));
  const rank = (model: string) => PREFERRED.test(model) ? 0 : 1;
  return chatting.sort((a, b) => rank(a) - rank(b)).slice(0, MAX_MODELS);
}

function reasonOf(error: unknown): string {
  if (error instanceof CodedError && error.code === "refused") {
    return /40[13]/.test(error.message)
      ? "it wants another key: set GEMMAPOD_API_KEY"
      : error.message;
  }
  if (error instanceof DOMException || error instanceof TypeError) return noAnswer(error).why;
  return "it answers, but not with a list of models";
}

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModel } from "ai";
import { leanFetch } from "./lean_fetch.ts";

/** A model of the AI SDK, of the newest form that it knows. */
export type Model = Extract<LanguageModel, { specificationVersion: "v3" }>;

/** What such a model is asked. */
export type CallOptions = Parameters<Model["doStream"]>[0];

/** A piece of a model's answer. */
export type StreamPart = Awaited<ReturnType<Model["doStream"]>>["stream"] extends
  ReadableStream<infer Part> ? Part : never;

/** Options of {@linkcode createLanguageModel}. */
export interface LanguageModelOptions {
  /** Sent as a bearer token. */
  apiKey?: string;
}

/**
 * A model of an OpenAI-compatible endpoint (Ollama, llama.cpp, vLLM, LM Studio, a hosted one) for
 * the AI SDK.
 *
 * @param model its name there
 * @param baseUrl the endpoint, with or without `/v1`
 *
 * @example
 * ```ts
 * import { createLanguageModel } from "./language_model.ts";
 *
 * const model = createLanguageModel("gemma4:e4b", "http://localhost:11434");
 * if (model.modelId !== "gemma4:e4b") throw new Error(model.modelId);
 * ```
 */
export function createLanguageModel(
  model: string,
  baseUrl: string,
  options: LanguageModelOptions = {},
): Model {
  return createOpenAICompatible({
    name: "endpoint",
    baseURL: apiBase(baseUrl),
    includeUsage: true,
    fetch: leanFetch,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  })(model);
}

/**
 * The base of an OpenAI-compatible API: the URL as an owner writes it gets `/v1` where its path
 * names no version (host.md, "Models").
 */
export function apiBase(url: string): string {
  const base = url.replace(/\/+$/, "");
  return /\/v\d+[a-z0-9]*(\/|$)/.test(base) ? base : `${base}/v1`;
}

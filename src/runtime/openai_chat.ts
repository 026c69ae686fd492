import { CodedError, isString } from "../base/mod.ts";
import type { ChatMessage } from "./chat_types.ts";
import { sseData } from "./sse.ts";

/** A piece of an answer. */
export interface OpenAiPiece {
  readonly kind: "text" | "reasoning";
  readonly delta: string;
}

/** What {@linkcode streamOpenAiChat} asks. */
export interface OpenAiChatRequest {
  /** With `/v1`, from {@linkcode openAiBase}. */
  readonly baseUrl: string;
  readonly model: string;
  readonly messages: readonly Pick<ChatMessage, "role" | "content">[];
  readonly signal: AbortSignal;
}

/** The base URL of an OpenAI-compatible endpoint: it gets `/v1` if it lacks it (host.md, "Models"). */
export function openAiBase(address: string): string {
  const base = address.replace(/\/+$/, "");
  return /\/v\d+(?:\/|$)/.test(new URL(base).pathname) ? base : `${base}/v1`;
}

/**
 * Asks an OpenAI-compatible endpoint, and gives the answer as it comes. Throws `CodedError`
 * `model_unavailable` where the endpoint is down or refuses, `chat_failed` where it breaks off.
 */
export async function* streamOpenAiChat(request: OpenAiChatRequest): AsyncGenerator<OpenAiPiece> {
  const { baseUrl, model, messages, signal } = request;
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ model, messages, stream: true }),
    signal,
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new CodedError("model_unavailable", "Cannot reach the endpoint", { cause });
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new CodedError(
      "model_unavailable",
      `The endpoint refused the question (HTTP ${response.status})`,
    );
  }
  let ended = false;
  for await (const data of sseData(response.body)) {
    if (data.trim() === "[DONE]") return;
    const chunk = readChunk(data);
    yield* chunk.pieces;
    ended ||= chunk.ended;
  }
  if (!ended) throw new CodedError("chat_failed", "The endpoint broke off in the answer");
}

function readChunk(data: string): { pieces: OpenAiPiece[]; ended: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new CodedError("chat_failed", "The endpoint sent something that is not JSON", { cause });
  }
  if (member(value, "error") !== undefined) {
    throw new CodedError("chat_failed", "The endpoint failed in the answer");
  }
  const choice = member(member(value, "choices"), "0");
  const delta = member(choice, "delta");
  const reasoning = member(delta, "reasoning") ?? member(delta, "reasoning_content");
  const text = member(delta, "content");
  const pieces: OpenAiPiece[] = [];
  if (isString(reasoning) && reasoning !== "") {
    pieces.push({ kind: "reasoning", delta: reasoning });
  }
  if (isString(text) && text !== "") pieces.push({ kind: "text", delta: text });
  return { pieces, ended: isString(member(choice, "finish_reason")) };
}

/** What is under a key of an object, or at an index of a list; undefined for null as well. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  const found: unknown = Reflect.get(value, key);
  return found ?? undefined;
}

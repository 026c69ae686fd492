import { utf8Encode } from "../../base/mod.ts";

/** A message for the model. */
export interface ModelTurn {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** The most messages that a model is given (host.md, "Conversations"). */
const MAX_MESSAGES = 80;

/** `[llm] context` where a pod names none: what Ollama gives a model by default. */
export const DEFAULT_CONTEXT = 4_096;

/** The part of the context that is kept for the answer where `max_tokens` does not say. */
const ANSWER_SHARE = 0.25;

/**
 * UTF-8 bytes a token. English has about four, Chinese three; less than both, because a wrong guess
 * on this side costs an old message, and one on the other side the newest.
 */
const BYTES_PER_TOKEN = 3;

/** What the template of a model puts around each message. */
const TOKENS_PER_MESSAGE = 6;

/** About how many tokens a text has. Never less than a model's own count, for ordinary text. */
export function estimateTokens(text: string): number {
  return Math.ceil(utf8Encode(text).length / BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE;
}

/**
 * The messages of a thread that fit a model: endpoints cut what is too long without a word
 * (pitfalls.md, Ollama), so the Host cuts first. The newest stay, the question always; what stays
 * begins with a question, and two of one side in a row become one, because the templates of many
 * models refuse anything else.
 */
export function fitContext(
  thread: readonly ModelTurn[],
  options: { system: string; context?: number; maxOutputTokens?: number; beside?: string },
): ModelTurn[] {
  const { system, context = DEFAULT_CONTEXT, beside = "" } = options;
  const forAnswer = Math.min(options.maxOutputTokens ?? context * ANSWER_SHARE, context / 2);
  const turns = alternating(thread.slice(-MAX_MESSAGES));
  let left = context - forAnswer - estimateTokens(system) -
    (beside === "" ? 0 : estimateTokens(beside));
  let from = turns.length;
  for (const turn of turns.toReversed()) {
    left -= estimateTokens(turn.content);
    if (left < 0 && from < turns.length) break;
    from--;
  }
  while (from < turns.length - 1 && turns[from]?.role === "assistant") from++;
  return turns.slice(from);
}

function alternating(thread: readonly ModelTurn[]): ModelTurn[] {
  const turns: ModelTurn[] = [];
  for (const turn of thread) {
    const last = turns.at(-1);
    if (turn.content === "") continue; // an answer that never came
    if (last?.role !== turn.role) turns.push(turn);
    else turns.splice(-1, 1, { ...turn, content: `${last.content}\n\n${turn.content}` });
  }
  return turns;
}

import { CodedError, isString } from "../base/mod.ts";
import { uuidv7 } from "../dartc/mod.ts";
import type { ChatMessage, HistoryMessage, RuntimeChatInput } from "./chat_types.ts";
import { isRole } from "./message.ts";

/** A question, worked out: what to send, and what is new in the history. */
export interface ChatQuestion {
  /** The whole conversation, the question last. */
  readonly sent: readonly ChatMessage[];
  /** What the history lacks of it; the question last. */
  readonly added: readonly HistoryMessage[];
  readonly questionId: string;
}

/**
 * Works out what a caller asks (runtime.md, "Chat"). Throws `CodedError` `bad_chat_request` where
 * there is nothing to ask.
 *
 * @param history what was said so far
 * @param now Unix milliseconds
 */
export function chatQuestion(
  input: RuntimeChatInput,
  history: readonly HistoryMessage[],
  now: number,
): ChatQuestion {
  const given = input.messages ?? [];
  const asked: ChatMessage[] = input.text === undefined
    ? [...given]
    : [...given, { role: "user", content: input.text }];
  // A page may be plain JavaScript.
  const nothing = asked.findIndex((one) => !isRole(one?.role) || !isString(one.content));
  if (nothing >= 0) {
    const message = `Cannot ask: message ${nothing} has no role, or its content is no text`;
    throw new CodedError("bad_chat_request", message);
  }
  const question = asked.at(-1);
  if (question?.role !== "user" || question.content.trim() === "") {
    throw new CodedError("bad_chat_request", "Cannot ask: the last message has no question");
  }
  const base = input.messages === undefined ? history.filter(isSaid) : [];
  const added = asked.slice(input.messages === undefined ? 0 : newFrom(asked, history))
    .filter((message) => message.role !== "system")
    .map((message) => asNew(message, history, now));
  return {
    sent: [...base, ...asked],
    added,
    questionId: added.at(-1)?.id ?? "",
  };
}

/** Whether there is anything in a message to send: an answer that failed at once has no text. */
function isSaid(message: ChatMessage): boolean {
  return message.role === "user" || message.content !== "";
}

/**
 * From where a list of the caller's own is new: behind the history, where it begins with that; else
 * only its question is.
 */
function newFrom(asked: readonly ChatMessage[], history: readonly HistoryMessage[]): number {
  const begins = asked.length > history.length && history.every((message, index) => {
    const other = asked[index];
    return other?.role === message.role && other.content === message.content;
  });
  return begins ? history.length : asked.length - 1;
}

function asNew(
  message: ChatMessage,
  history: readonly HistoryMessage[],
  now: number,
): HistoryMessage {
  const free = message.id !== undefined && !history.some((other) => other.id === message.id);
  return {
    id: free && message.id !== undefined ? message.id : uuidv7(),
    role: message.role,
    content: message.content,
    status: message.status ?? "done",
    createdAt: message.createdAt ?? now,
  };
}

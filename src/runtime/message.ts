import { isFiniteNumber, isObject, isString } from "../base/mod.ts";
import { uuidv7 } from "../dartc/mod.ts";
import type { ChatMessage, ChatRole, HistoryMessage, MessageStatus } from "./chat_types.ts";

const ROLES: ReadonlySet<string> = new Set<ChatRole>(["user", "assistant", "system", "tool"]);
const STATUSES: ReadonlySet<string> = new Set<MessageStatus>([
  "done",
  "cut",
  "error",
  "cancelled",
]);

/** Whether a value is a role that a history knows. */
export function isRole(value: unknown): value is ChatRole {
  return isString(value) && ROLES.has(value);
}

/** Whether a value is a status that a history knows. */
export function isStatus(value: unknown): value is MessageStatus {
  return isString(value) && STATUSES.has(value);
}

/**
 * Messages that a page gives. Throws `TypeError` naming the first one that is none; members that
 * nobody knows are left out.
 */
export function readMessages(messages: unknown): HistoryMessage[] {
  if (!Array.isArray(messages)) throw new TypeError("Cannot read the messages: expected a list");
  return messages.map((message: unknown, index) => {
    const read = readMessage(message, uuidv7());
    if (read !== undefined) return read;
    throw new TypeError(
      `Cannot read messages[${index}]: expected a role (user, assistant, system, tool) and content`,
    );
  });
}

/** A message as a history holds it. */
export function asHistoryMessage(message: ChatMessage): HistoryMessage {
  return { ...message, id: message.id ?? uuidv7(), status: message.status ?? "done" };
}

/**
 * A message out of a store, where anything may stand; undefined for what is none. A store of
 * another implementation has only role and content: such a message gets the id `absentId`.
 */
export function readMessage(value: unknown, absentId: string): HistoryMessage | undefined {
  if (!isObject(value)) return undefined;
  // Every member is checked below before it is used.
  const given: Partial<Record<keyof HistoryMessage, unknown>> = value;
  if (!isRole(given.role) || !isString(given.content)) return undefined;
  return {
    id: isString(given.id) && given.id !== "" ? given.id : absentId,
    role: given.role,
    content: given.content,
    status: isStatus(given.status) ? given.status : "done",
    ...isString(given.reasoning) && { reasoning: given.reasoning },
    ...isTime(given.createdAt) && { createdAt: given.createdAt },
    ...isFailure(given.error) &&
      { error: { code: given.error.code, message: given.error.message } },
  };
}

/** Whether a value is a time that a `Date` can be made of (ECMA-262, 21.4.1.1), in milliseconds. */
export function isTime(value: unknown): value is number {
  return isFiniteNumber(value) && Math.abs(value) <= 8.64e15;
}

function isFailure(value: unknown): value is { code: string; message: string } {
  return isObject(value) && isString(value.code) && isString(value.message);
}

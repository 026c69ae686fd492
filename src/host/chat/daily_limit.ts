import { CodedError } from "../../base/mod.ts";
import type { StoredMessage } from "../store/conversation_store.ts";

/** How far back `[limits] messages_per_conversation_day` looks, in milliseconds. */
const DAY_MS = 86_400_000;

/** How many rows are looked at for each answer: question and answer, and as many that were replaced. */
const ROWS_PER_ANSWER = 4;

/** How many of a conversation's newest rows tell whether it had so many answers. */
export function rowsForDailyLimit(limit: number): number {
  return limit * ROWS_PER_ANSWER;
}

/**
 * Refuses a question to a conversation that has had its answers of the last 24 hours. Those that the
 * Host gave count, also where the visitor asked again in other words; what a page brought along, and
 * questions without an answer, do not.
 *
 * Throws {@linkcode CodedError} `rate_limited`.
 *
 * @param limit `[limits] messages_per_conversation_day`
 * @param rows the newest rows of the conversation, those included that others took the place of
 */
export function checkDailyLimit(limit: number, rows: readonly StoredMessage[], now: number): void {
  const answers = rows.filter(({ id, role, createdAt }) =>
    role === "assistant" && id.endsWith(":assistant") && now - createdAt < DAY_MS
  );
  if (answers.length < limit) return;
  throw new CodedError(
    "rate_limited",
    `This conversation has had its ${limit} answers of the day. Please come back tomorrow.`,
  );
}

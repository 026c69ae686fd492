import { isFiniteNumber, isObject, isString, stringOrUndefined } from "../base/mod.ts";
import type { ChatUsage } from "./chat_message.ts";
import { MAX_ERROR_CHARS } from "./limits.ts";

/** What a `dartc.error` says. */
export interface ReadError {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  readonly fatal: boolean;
}

/** What a `gemmapod.chat.done` says. */
export interface ReadDone {
  readonly requestId: string;
  readonly finishReason?: string;
  readonly usage?: ChatUsage;
}

/** The most characters of an error's code that are kept; ours have less than 20. */
const MAX_CODE_CHARS = 64;

/** Reads the payload of a `dartc.error`; one that says nothing is still an error. */
export function readError(payload: unknown): ReadError {
  const members = isObject(payload) ? payload : {};
  const code = stringOrUndefined(members.code) ?? "unknown";
  const message = stringOrUndefined(members.message) ?? "The other side reports an error";
  return {
    code: code.slice(0, MAX_CODE_CHARS),
    message: message.slice(0, MAX_ERROR_CHARS),
    requestId: stringOrUndefined(members.request_id),
    fatal: members.fatal === true,
  };
}

/** Reads the payload of a `gemmapod.chat.done`. */
export function readDone(payload: unknown): ReadDone | undefined {
  if (!isObject(payload) || !isString(payload.request_id)) return undefined;
  return {
    requestId: payload.request_id,
    finishReason: stringOrUndefined(payload.finish_reason),
    usage: isObject(payload.usage) ? readUsage(payload.usage) : undefined,
  };
}

function readUsage({ inputTokens, outputTokens, totalTokens }: Record<string, unknown>): ChatUsage {
  return {
    ...(isFiniteNumber(inputTokens) ? { inputTokens } : {}),
    ...(isFiniteNumber(outputTokens) ? { outputTokens } : {}),
    ...(isFiniteNumber(totalTokens) ? { totalTokens } : {}),
  };
}

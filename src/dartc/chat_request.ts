import { CodedError, isObject, isString, stringOrUndefined } from "../base/mod.ts";
import type { ChatMessage } from "./chat_message.ts";
import { isVisitorConversationId } from "./conversation_id.ts";
import { newestThatFit, PAYLOAD_BYTES } from "./fit.ts";
import { MAX_ID_CHARS } from "./limits.ts";
import { utf8Length } from "./utf8_length.ts";

/** What a chat request asks, before its rate and its manifest are looked at. */
export interface ReadChatRequest {
  readonly requestId: string;
  readonly conversationId?: string;
  readonly model?: string;
  readonly messages: ChatMessage[];
  readonly signedManifestB64?: string;
}

/** What a visitor asks. */
export interface ChatRequestOptions {
  requestId: string;
  conversationId?: string;
  model?: string;
  /** The thread, oldest first, the new question last. */
  messages: readonly ChatMessage[];
  /** Base64 of the signed manifest, where the hello carried none. */
  signedManifestB64?: string;
}

/**
 * The payload of a `gemmapod.chat.request`: the newest turns that fit a frame (dartc.md, "Sizes and
 * backpressure"), without system messages, which a Host discards.
 *
 * Throws `CodedError` `bad_chat_request` when there is no question, `too_large` when it alone does
 * not fit.
 */
export function chatRequestPayload(options: ChatRequestOptions): Record<string, unknown> {
  const turns = options.messages
    .filter(({ role }) => role !== "system")
    .map(({ role, content }) => ({ role, content }));
  if (turns.at(-1)?.role !== "user") {
    throw new CodedError("bad_chat_request", "Cannot ask: the last message is not a question");
  }
  const payload = {
    request_id: options.requestId,
    conversation_id: options.conversationId,
    model: options.model,
    signedManifestB64: options.signedManifestB64,
  };
  const messages = newestThatFit(turns, PAYLOAD_BYTES - utf8Length(JSON.stringify(payload)));
  if (messages.length === 0) {
    throw new CodedError("too_large", "Cannot ask: the question is too long, shorten it");
  }
  return { ...payload, messages };
}

/**
 * Reads the payload of a `gemmapod.chat.request`; a text says what is wrong with it. Messages of
 * roles that no model has are left out.
 */
export function readChatRequest(payload: unknown): ReadChatRequest | string {
  if (!isObject(payload)) return "its payload is not an object";
  const { request_id, conversation_id, model, signedManifestB64 } = payload;
  if (!isRequestId(request_id)) return `its request_id is not a text of 1 to ${MAX_ID_CHARS}`;
  for (const [name, value] of Object.entries({ conversation_id, model, signedManifestB64 })) {
    if (value !== undefined && value !== null && !isString(value)) return `its ${name} is not text`;
  }
  if (isString(conversation_id) && !isVisitorConversationId(conversation_id)) {
    return "its conversation_id is not one that a visitor may use";
  }
  const { messages } = payload;
  if (!Array.isArray(messages)) return "its messages are not a list";
  if (!messages.every(isMessage)) return "its messages are not all a role and a text";
  const known = messages.filter(isChatMessage).map(({ role, content }) => ({ role, content }));
  if (known.findLast(({ role }) => role !== "system")?.role !== "user") {
    return "its last message is not a question";
  }
  return {
    requestId: request_id,
    conversationId: stringOrUndefined(conversation_id),
    model: stringOrUndefined(model),
    messages: known,
    signedManifestB64: stringOrUndefined(signedManifestB64),
  };
}

/** The request id that a payload names, where it names one that an answer can carry. */
export function requestIdOf(payload: unknown): string | undefined {
  return isObject(payload) && isRequestId(payload.request_id) ? payload.request_id : undefined;
}

/** The UTF-8 bytes of a request's user messages together. */
export function userTextBytes(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, { role, content }) => role === "user" ? sum + utf8Length(content) : sum,
    0,
  );
}

/** Whether a text may be the id of a request. */
export function isRequestId(value: unknown): value is string {
  return isString(value) && value.length > 0 && value.length <= MAX_ID_CHARS;
}

function isMessage(value: unknown): value is { role: string; content: string } {
  return isObject(value) && isString(value.role) && isString(value.content);
}

const ROLES: readonly string[] = ["user", "assistant", "system", "tool"];

function isChatMessage(value: { role: string; content: string }): value is ChatMessage {
  return ROLES.includes(value.role);
}

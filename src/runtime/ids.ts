import { toHex } from "../base/mod.ts";

/** 128 random bits as 32 hex digits. `crypto.randomUUID` is missing from pages over plain http. */
export function newRandomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/**
 * A new conversation id: a conversation id is the key to its history, so nobody may
 * guess it (host.md, "Conversations": 20 characters or more).
 */
export function newConversationId(): string {
  return newRandomId();
}

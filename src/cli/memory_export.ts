import { print } from "../base/native.ts";
import type { StoredMessage } from "../host/native.ts";
import type { MemoryOptions } from "./memory.ts";
import { ALL_MESSAGES, conversationOf, openPodMemory } from "./memory_store.ts";

/** `gemmapod memory export`: JSON Lines (jsonlines.org), oldest first in each conversation. */
export async function exportMemory(
  pod: string,
  conversation: string | undefined,
  { db }: MemoryOptions,
): Promise<void> {
  using memory = await openPodMemory(pod, db);
  const { podId, store, conversations } = memory;
  const wanted = conversation === undefined
    ? [...conversations].reverse()
    : [conversationOf(memory, conversation)];
  for (const { conversationId } of wanted) {
    const all = { newest: ALL_MESSAGES, which: "all" } as const;
    for (const message of store?.messages(podId, conversationId, all) ?? []) {
      print(JSON.stringify({ podId, conversationId, ...exportedMessage(message) }));
    }
  }
}

/** A message as other programs take it. */
export function exportedMessage(message: StoredMessage): Record<string, unknown> {
  const { id, role, content, status, createdAt, superseded } = message;
  return { id, role, content, status, createdAt: new Date(createdAt).toISOString(), superseded };
}

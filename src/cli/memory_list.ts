import { print } from "../base/native.ts";
import type { MemoryOptions } from "./memory.ts";
import { openPodMemory } from "./memory_store.ts";
import { printJson, printTable, timeText } from "./output.ts";

/** `gemmapod memory list` */
export async function listMemory(pod: string, { json, db }: MemoryOptions): Promise<void> {
  using memory = await openPodMemory(pod, db);
  const { podId, conversations } = memory;
  if (json) {
    return printJson({
      podId,
      conversations: conversations.map(({ conversationId, messages, createdAt, updatedAt }) => ({
        conversationId,
        messages,
        createdAt: new Date(createdAt).toISOString(),
        updatedAt: new Date(updatedAt).toISOString(),
      })),
    });
  }
  if (conversations.length === 0) return print(`no conversation of pod ${podId} is remembered`);
  printTable(
    ["CONVERSATION", "MESSAGES", "BEGAN", "LAST"],
    conversations.map(({ conversationId, messages, createdAt, updatedAt }) => [
      conversationId,
      `${messages}`,
      timeText(createdAt),
      timeText(updatedAt),
    ]),
  );
}

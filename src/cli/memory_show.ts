import { oneLine, print } from "../base/native.ts";
import type { MemoryOptions } from "./memory.ts";
import { ALL_MESSAGES, conversationOf, openPodMemory } from "./memory_store.ts";
import { exportedMessage } from "./memory_export.ts";
import { printJson, timeText } from "./output.ts";

/** `gemmapod memory show` */
export async function showMemory(
  pod: string,
  conversation: string,
  { json, db }: MemoryOptions,
): Promise<void> {
  using memory = await openPodMemory(pod, db);
  const { podId, store } = memory;
  const { conversationId } = conversationOf(memory, conversation);
  const messages = store?.messages(podId, conversationId, { newest: ALL_MESSAGES }) ?? [];
  if (json) {
    const state = store?.state(podId, conversationId);
    return printJson({
      podId,
      conversationId,
      messages: messages.map(exportedMessage),
      ...(state === undefined ? {} : { state: JSON.parse(state) }),
    });
  }
  for (const { role, status, createdAt, content } of messages) {
    print(`${timeText(createdAt)}  ${role}${status === "done" ? "" : ` (${status})`}`);
    for (const line of content.split("\n")) print(`  ${oneLine(line)}`);
  }
}

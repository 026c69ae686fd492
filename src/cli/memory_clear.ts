import { print } from "../base/native.ts";
import type { MemoryOptions } from "./memory.ts";
import { conversationOf, openPodMemory } from "./memory_store.ts";
import { isInteractive, printJson } from "./output.ts";

/** `gemmapod memory clear` */
export async function clearMemory(
  pod: string,
  conversation: string | undefined,
  { json, yes, db }: MemoryOptions,
): Promise<void> {
  using memory = await openPodMemory(pod, db);
  const { podId, store, conversations } = memory;
  const one = conversation === undefined ? undefined : conversationOf(memory, conversation);
  const count = one === undefined ? conversations.length : 1;
  const what = `${count} conversation${count === 1 ? "" : "s"} of pod ${podId}`;
  if (count > 0 && !yes && isInteractive() && !confirm(`Forget ${what} for ever?`)) {
    return print("nothing was forgotten");
  }
  const cleared = store?.clear(podId, one?.conversationId) ?? 0;
  if (json) return printJson({ podId, cleared });
  print(`forgot ${cleared} conversation${cleared === 1 ? "" : "s"} of pod ${podId}`);
}

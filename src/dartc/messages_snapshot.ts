import { newestThatFit, PAYLOAD_BYTES } from "./fit.ts";
import type { MessagesSnapshotEvent, SnapshotMessage } from "./ui_event.ts";

/**
 * The `MESSAGES_SNAPSHOT` of a conversation: its newest messages that fit a frame, and
 * `truncated: true` where older ones did not (dartc.md, "Sizes and backpressure").
 */
export function messagesSnapshot(
  threadId: string,
  messages: readonly SnapshotMessage[],
): MessagesSnapshotEvent {
  const newest = newestThatFit(messages, PAYLOAD_BYTES);
  return {
    type: "MESSAGES_SNAPSHOT",
    threadId,
    messages: newest,
    ...(newest.length < messages.length ? { truncated: true } : {}),
  };
}

import {
  type ConversationEvent,
  parseHostEvent,
} from "../../../../web/dashboard/api/host_event.ts";

let lastId = 0;

/** An event of a conversation, as it comes from the stream. */
export function said(event: { type: string; [member: string]: unknown }): ConversationEvent {
  const id = ++lastId;
  const read = parseHostEvent(JSON.stringify({
    scope: "conversation",
    podId: "pod",
    peerId: "peer",
    event: { conversationId: "talk", runId: "run", id, timestamp: 1_000 + id, ...event },
  }));
  if (read?.scope !== "conversation") throw new Error("this is no event of a conversation");
  return read;
}

/** A piece of an answer. */
export function delta(text: string, more: { runId?: string } = {}): ConversationEvent {
  return said({
    type: "ui_event",
    event: { type: "TEXT_MESSAGE_CONTENT", messageId: "m", threadId: "talk", delta: text },
    ...more,
  });
}

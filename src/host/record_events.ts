import type { EventBus, HostEvent } from "./event_bus.ts";
import type { LoggedEvent } from "./store/event_log.ts";

/** What of the bus goes into the event log; words of a stream do not. */
const RECORDED = [
  "user",
  "assistant",
  "error",
  "tool_call",
  "tool_result",
  "peer_joined",
  "peer_left",
  "pod_error",
] as const;

/**
 * Writes down what happens, for the owner to look back at: runs, messages, tool calls, visitors,
 * errors, each with its measures and without its words (host.md, "Conversations").
 *
 * @returns what ends it
 */
export function recordEvents(bus: EventBus, add: (event: LoggedEvent) => void): () => void {
  const ends = RECORDED.map((type) =>
    bus.on(type, (event) => {
      for (const logged of loggedEvents(event)) add(logged);
    })
  );
  return () => {
    for (const end of ends) end();
  };
}

/** What the log keeps of an event; nothing of most. */
export function loggedEvents(event: HostEvent): LoggedEvent[] {
  switch (event.scope) {
    case "host":
      return [];
    case "pod":
      return ofPod(event);
    case "conversation":
      return ofConversation(event);
  }
}

function ofPod({ podId, event }: Extract<HostEvent, { scope: "pod" }>): LoggedEvent[] {
  const at = event.timestamp;
  switch (event.type) {
    case "peer_joined":
    case "peer_left":
      return [{ at, podId, kind: "peer", peerId: event.peerId, detail: { what: event.type } }];
    case "pod_error":
      return [{ at, podId, kind: "error", detail: { message: event.message } }];
    default:
      return [];
  }
}

type InConversation = Extract<HostEvent, { scope: "conversation" }>;

function ofConversation({ podId, peerId, event }: InConversation): LoggedEvent[] {
  const { conversationId, timestamp: at, runId } = event;
  const about = { at, podId, peerId, conversationId };
  const run = known({ run: runId });
  switch (event.type) {
    case "user":
      return [{
        ...about,
        kind: "message",
        detail: { role: "user", characters: event.content.length, ...run },
      }];
    case "assistant": {
      const { content, status, model, durationMs } = event;
      return [
        {
          ...about,
          kind: "message",
          detail: { role: "assistant", characters: content.length, status, ...run },
        },
        { ...about, kind: "run", detail: { status, ...run, ...known({ model, durationMs }) } },
      ];
    }
    case "error": {
      const { code, message, model, durationMs } = event;
      return [
        { ...about, kind: "error", detail: { code, message, ...run } },
        {
          ...about,
          kind: "run",
          detail: { status: "error", code, ...run, ...known({ model, durationMs }) },
        },
      ];
    }
    case "tool_call": {
      const { toolCallId: call, name, input } = event;
      const inputBytes = sizeOf(input);
      return [{
        ...about,
        kind: "tool_call",
        detail: { what: "call", call, name, inputBytes, ...run },
      }];
    }
    case "tool_result": {
      const { toolCallId: call, name, output, isError = false, durationMs } = event;
      return [{
        ...about,
        kind: "tool_call",
        detail: {
          what: "result",
          call,
          name,
          outputBytes: sizeOf(output),
          isError,
          ...known({ durationMs }),
          ...run,
        },
      }];
    }
    case "ui_event":
      return [];
  }
}

/** The entries that are there. */
function known(
  entries: Record<string, string | number | undefined>,
): Record<string, string | number> {
  const there: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(entries)) {
    if (value !== undefined) there[key] = value;
  }
  return there;
}

/** About how many bytes a value has as JSON; 0 for one that has no JSON. */
function sizeOf(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    return 0;
  }
}

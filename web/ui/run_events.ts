import type { DartcUiEvent } from "../../src/dartc/mod.ts";
import type { Message } from "./message.ts";
import { presentationOf } from "./presentation.ts";

/** An input or result longer than this is not shown in full; tools may return files. */
const MAX_SHOWN = 20_000;

/** Puts what happens beside an answer's text into the answer: the queue, tools, presentations. */
export function applyRunEvent(event: DartcUiEvent, answer: Message): void {
  switch (event.type) {
    case "RUN_STARTED":
      answer.setPlace(undefined);
      break;
    case "ACTIVITY_SNAPSHOT":
      if (event.activityType === "queue") answer.setPlace(placeOf(event.content));
      break;
    case "TOOL_CALL_START":
      answer.setTool(event.toolCallId, (old) => ({
        id: event.toolCallId,
        name: event.toolCallName,
        input: old?.input ?? "",
      }));
      break;
    case "TOOL_CALL_ARGS":
      answer.setTool(event.toolCallId, (old) => ({
        ...(old ?? { id: event.toolCallId, name: "" }),
        input: ((old?.input ?? "") + event.delta).slice(0, MAX_SHOWN),
      }));
      break;
    case "TOOL_CALL_RESULT":
      answer.setTool(event.toolCallId, (old) => ({
        ...(old ?? { id: event.toolCallId, name: "", input: "" }),
        result: event.content.slice(0, MAX_SHOWN),
      }));
      break;
    case "CUSTOM":
      if (event.name === "presentation.show") answer.addPresentation(presentationOf(event.value));
      break;
    default: // text comes as chunks; state, other custom and raw events are the embedder's
      break;
  }
}

function placeOf(content: unknown): number | undefined {
  if (typeof content !== "object" || content === null || !("position" in content)) return undefined;
  const { position } = content;
  return typeof position === "number" && position > 0 ? position : undefined;
}

import type { ToolSet } from "ai";
import { z } from "zod";
import { changeState, memoryState, type SharedState } from "./shared_state.ts";
import type { SendUiEvent } from "./ui_tool_event.ts";

/** Options of {@linkcode buildUiEventTools}. */
export interface UiEventToolsOptions {
  /** Where `set_state` keeps the state. @default in memory, for as long as the tools live */
  readonly state?: SharedState;
}

/** Names of the tools that go with every verified manifest (host.md, "Tools"). */
export const UI_EVENT_TOOL_NAMES = ["show_presentation", "set_state", "send_custom_event"] as const;

const MAX_NAME_CHARS = 128;
const MAX_TITLE_CHARS = 200;
const MAX_SLIDES = 50;

const presentation = z.object({
  title: z.string().min(1).max(MAX_TITLE_CHARS),
  slides: z.array(z.object({
    title: z.string().max(MAX_TITLE_CHARS).optional(),
    text: z.string().optional().describe("Markdown"),
    image: z.url({ protocol: /^https?$/ }).optional().describe("Address of a picture"),
  })).min(1).max(MAX_SLIDES),
});

const operation = z.object({
  op: z.enum(["add", "remove", "replace", "move", "copy", "test"]),
  path: z.string().describe('A JSON Pointer, as "/cart/0/count"'),
  from: z.string().optional().describe("Only for move and copy"),
  value: z.unknown().optional().describe("Only for add, replace and test"),
});

const stateChange = z.object({
  snapshot: z.unknown().optional().describe("The whole new state"),
  delta: z.array(operation).optional().describe("Changes of the state, as RFC 6902 JSON Patch"),
}).refine(
  ({ snapshot, delta }) => (snapshot === undefined) !== (delta === undefined),
  "Give either snapshot or delta",
);

const customEvent = z.object({
  name: z.string().min(1).max(MAX_NAME_CHARS).describe("What the page listens for"),
  value: z.unknown().optional(),
});

/**
 * The tools that let a model drive the visitor's page: `show_presentation` and `send_custom_event`
 * send `CUSTOM` events, `set_state` changes the state that Host and page share.
 *
 * @param sendUiEvent takes each event to the visitor
 *
 * @example
 * ```ts
 * import { buildUiEventTools } from "./ui_event_tools.ts";
 *
 * const sent: string[] = [];
 * const tools = buildUiEventTools((event) => void sent.push(event.type));
 * await tools["set_state"]?.execute?.(
 *   { snapshot: { cart: [] } },
 *   { toolCallId: "1", messages: [] },
 * );
 * if (sent[0] !== "STATE_SNAPSHOT") throw new Error(sent[0]);
 * ```
 */
export function buildUiEventTools(
  sendUiEvent: SendUiEvent,
  { state = memoryState() }: UiEventToolsOptions = {},
): ToolSet {
  return {
    show_presentation: {
      description: "Show the visitor a presentation of one or more slides beside the chat.",
      inputSchema: presentation,
      execute: async (value: z.infer<typeof presentation>) => {
        await sendUiEvent({ type: "CUSTOM", name: "presentation.show", value });
        return { ok: true };
      },
    },
    set_state: {
      description: "Change the state that the visitor's page shows: give the whole of it as " +
        "snapshot, or a JSON Patch of it as delta. The answer is the new state.",
      inputSchema: stateChange,
      execute: async ({ snapshot, delta }: z.infer<typeof stateChange>) => {
        const { state: next, event } = changeState(
          state.read(),
          delta === undefined ? { snapshot } : { delta },
        );
        const sent = sendUiEvent(event); // first, because what no frame holds must not be kept
        state.write(next); // before anything is awaited, so that no other call comes between
        await sent;
        return { ok: true, state: next };
      },
    },
    send_custom_event: {
      description: "Send the visitor's page an event of its own, which it knows what to do with.",
      inputSchema: customEvent,
      execute: async ({ name, value }: z.infer<typeof customEvent>) => {
        await sendUiEvent({
          type: "CUSTOM",
          name,
          ...(value === undefined ? {} : { value }),
        });
        return { ok: true };
      },
    },
  };
}

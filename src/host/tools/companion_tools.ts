import type { ToolSet } from "ai";
import { z } from "zod";
import type { SendUiEvent } from "./ui_tool_event.ts";

/** Names of the tools for a page with an avatar; `events.enable_tools` turns each on. */
export const COMPANION_TOOL_NAMES = ["react_companion", "say_companion"] as const;

const MAX_REACTION_CHARS = 64;
const MAX_SAID_CHARS = 500;

const reaction = z.object({
  mood: z.string().min(1).max(MAX_REACTION_CHARS)
    .describe('How the companion feels, as "happy", "thinking" or "surprised"'),
  gesture: z.string().max(MAX_REACTION_CHARS).optional()
    .describe('What it does, as "wave" or "nod"'),
});

const line = z.object({
  text: z.string().min(1).max(MAX_SAID_CHARS).describe("What the companion says aloud"),
  mood: z.string().max(MAX_REACTION_CHARS).optional(),
});

/**
 * The tools for a page with an avatar: `react_companion` and `say_companion`, as `CUSTOM` events
 * `companion.react` and `companion.say`. They are offered only where a manifest's
 * `events.enable_tools` names them.
 *
 * @param sendUiEvent takes each event to the visitor
 */
export function buildCompanionTools(sendUiEvent: SendUiEvent): ToolSet {
  return {
    react_companion: {
      description: "Let the companion on the visitor's page react with a mood or a gesture.",
      inputSchema: reaction,
      execute: async (value: z.infer<typeof reaction>) => {
        await sendUiEvent({ type: "CUSTOM", name: "companion.react", value });
        return { ok: true };
      },
    },
    say_companion: {
      description: "Let the companion on the visitor's page say a short line.",
      inputSchema: line,
      execute: async (value: z.infer<typeof line>) => {
        await sendUiEvent({ type: "CUSTOM", name: "companion.say", value });
        return { ok: true };
      },
    },
  };
}

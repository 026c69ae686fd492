import type { ToolSet } from "ai";
import { createLogger, type Logger } from "../../base/mod.ts";
import type { Manifest } from "../../pod/mod.ts";
import { guardTool } from "./guard_tool.ts";
import type { SharedState } from "./shared_state.ts";
import { logToolCall, type ToolReport } from "./tool_report.ts";
import { createToolRuntime, type ToolRuntime } from "./tool_runtime.ts";
import { buildUiEventTools } from "./ui_event_tools.ts";
import type { SendUiEvent } from "./ui_tool_event.ts";

/** What {@linkcode buildAgentTools} composes tools from. */
export interface AgentToolsConfig {
  /** The verified manifest; without one there are no tools at all. */
  readonly manifest?: Pick<Manifest, "tools" | "events"> | undefined;
  /** What is registered here. @default the built-in tools, with no pod folder */
  readonly toolRuntime?: ToolRuntime;
  /** Takes events to the visitor; without it there are no UI tools. */
  readonly sendUiEvent?: SendUiEvent;
  /** Tools that the manifest's `events.enable_tools` may turn on: `buildCompanionTools(…)`. */
  readonly uiTools?: ToolSet;
  /** What `set_state` changes. @default in memory, for as long as the tools live */
  readonly state?: SharedState;
  /** How long each call may take, in milliseconds. @default 30 s */
  readonly timeLimitMs?: number;
  /** Where each call is said. @default lines on stderr */
  readonly log?: Logger;
  /** Told of each call, beside the log. */
  readonly onReport?: (report: ToolReport) => void;
  /** Not read; here because callers have one object for all of a run's settings. */
  readonly systemPrompt?: string;
  /** Not read. */
  readonly model?: string;
  /** Not read. */
  readonly ollamaUrl?: string;
}

/**
 * The tools that a model may call for one visitor (host.md, "Tools"): those both named in the
 * verified manifest and registered here, the UI tools, and of `uiTools` those that the manifest's
 * `events.enable_tools` names. Each call is time-limited and logged, and its result is bounded.
 *
 * They are for one conversation: the events of its UI tools go to one visitor.
 *
 * @example
 * ```ts
 * import { buildAgentTools } from "./agent_tools.ts";
 *
 * const manifest = { tools: [{ name: "share_contact", description: "" }, { name: "rm", description: "" }] };
 * const names = Object.keys(buildAgentTools({ manifest }));
 * if (names.join() !== "share_contact") throw new Error(names.join());
 * ```
 */
export function buildAgentTools(config: AgentToolsConfig): ToolSet {
  const { manifest, toolRuntime = createToolRuntime(), sendUiEvent, state } = config;
  if (manifest === undefined) return {};
  const registered = toolRuntime.tools;
  const tools: ToolSet = {};
  for (const { name, description } of manifest.tools) {
    const tool = Object.hasOwn(registered, name) ? registered[name] : undefined;
    if (tool !== undefined) tools[name] = { ...tool, description: tool.description ?? description };
  }
  const enabled = new Set(manifest.events?.enable_tools);
  for (const [name, tool] of Object.entries(config.uiTools ?? {})) {
    if (enabled.has(name)) tools[name] = tool;
  }
  if (sendUiEvent !== undefined) {
    Object.assign(tools, buildUiEventTools(sendUiEvent, state === undefined ? {} : { state }));
  }

  const log = config.log ?? createLogger({ name: "host" });
  const { timeLimitMs, onReport } = config;
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [
      name,
      guardTool(name, tool, {
        ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
        onReport: (report) => {
          logToolCall(log, report);
          onReport?.(report);
        },
      }),
    ]),
  );
}

import type { Tool, ToolSet } from "ai";
import { type BuiltInSources, builtInTools } from "./built_in_tools.ts";
import { COMPANION_TOOL_NAMES } from "./companion_tools.ts";
import { UI_EVENT_TOOL_NAMES } from "./ui_event_tools.ts";

/** What is registered on this machine; which of it a visitor's model is offered, a manifest says. */
export interface ToolRuntime {
  /** By name. */
  readonly tools: ToolSet;
  /** What is not registered, and why: a sentence each, for the owner. */
  readonly problems: readonly string[];
}

/** Options of {@linkcode createToolRuntime}. */
export interface ToolRuntimeOptions extends BuiltInSources {
  /** The owner's own, by name; one that has the name of a built-in tool takes its place. */
  readonly tools?: Readonly<Record<string, unknown>>;
}

/** What endpoints take as the name of a function. */
const TOOL_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Names that an owner's tool cannot have: the Host sends them with every verified manifest. */
const RESERVED: ReadonlySet<string> = new Set([...UI_EVENT_TOOL_NAMES, ...COMPANION_TOOL_NAMES]);

/**
 * Registers the built-in tools and an owner's own. One that cannot be used is left out, and is
 * among the `problems`; the others are not touched by it.
 *
 * @example
 * ```ts
 * import { createToolRuntime } from "./tool_runtime.ts";
 *
 * const { tools, problems } = createToolRuntime({ tools: { broken: { description: "No schema" } } });
 * if (!("share_contact" in tools) || problems.length !== 1) throw new Error(problems.join());
 * ```
 */
export function createToolRuntime(options: ToolRuntimeOptions = {}): ToolRuntime {
  const { tools: own = {}, ...sources } = options;
  const tools: ToolSet = builtInTools(sources);
  const problems: string[] = [];
  for (const [name, value] of Object.entries(own)) {
    const problem = problemOf(name, value);
    if (problem === undefined && isTool(value)) tools[name] = value;
    else problems.push(`the tool ${JSON.stringify(name)} is left out: ${problem}`);
  }
  return { tools, problems };
}

function problemOf(name: string, value: unknown): string | undefined {
  if (!TOOL_NAME.test(name)) return "a name has 1 to 64 letters, digits, _ or -";
  if (RESERVED.has(name)) return "the Host has a UI tool of that name";
  if (!isTool(value)) return "it is no tool() of the AI SDK with an inputSchema and an execute";
  if ("needsApproval" in value && value.needsApproval) return "a Host cannot ask for an approval";
  return undefined;
}

function isTool(value: unknown): value is Tool {
  return typeof value === "object" && value !== null &&
    "inputSchema" in value && value.inputSchema !== null && value.inputSchema !== undefined &&
    ["object", "function"].includes(typeof value.inputSchema) &&
    "execute" in value && typeof value.execute === "function";
}

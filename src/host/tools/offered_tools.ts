import type { Tool, ToolSet } from "ai";
import { secureJsonParse } from "@ai-sdk/provider-utils";
import { errorMessage, utf8Encode } from "../../base/mod.ts";
import type { CallOptions } from "../model/language_model.ts";
import { MAX_NESTING, nestsDeeperThan } from "./nesting.ts";
import { ToolFailure, toolFailure } from "./tool_failure.ts";
import type { ToolReport } from "./tool_report.ts";
import { schemaOf } from "./tool_schema.ts";

/** A tool as an endpoint is told of it. */
export type FunctionTool = Extract<NonNullable<CallOptions["tools"]>[number], { type: "function" }>;

/** A call as a model made it. */
export interface ToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  /** JSON text, from the model: anything may stand there. */
  readonly input: string;
}

/** What came of a call. */
export interface ToolAnswer {
  /** For the model and the visitor: the result, or a sentence on why there is none. */
  readonly content: string;
  readonly isError: boolean;
  readonly durationMs: number;
}

/** The tools of one visitor, as the run of a chat uses them. */
export interface OfferedTools {
  /** For the endpoint; empty where there are none. */
  readonly functions: readonly FunctionTool[];
  /**
   * Calls one. Rejects only when `signal` is aborted, with its reason: what else goes wrong is an
   * answer for the model.
   */
  call(call: ToolCall, signal: AbortSignal): Promise<ToolAnswer>;
}

/** The most characters of a schema's complaint that a model is told. */
const MAX_COMPLAINT_CHARS = 500;

/**
 * Makes tools ready to be offered to an endpoint and called with what it sends: arguments are
 * parsed without a way to a prototype and checked by the tool's own schema before it is called.
 *
 * @param onReport told of the calls that never reach a tool; those that do, their guard reports
 */
export async function offerTools(
  tools: ToolSet,
  onReport: (report: ToolReport) => void,
): Promise<OfferedTools> {
  const functions: FunctionTool[] = [];
  for (const [name, tool] of Object.entries(tools)) {
    const { description } = tool;
    functions.push({
      type: "function",
      name,
      ...(description === undefined ? {} : { description }),
      inputSchema: await schemaOf(tool).jsonSchema,
    });
  }

  async function call(made: ToolCall, signal: AbortSignal): Promise<ToolAnswer> {
    const { toolCallId, toolName, input: text } = made;
    const begun = performance.now();
    const durationMs = () => performance.now() - begun;
    try {
      const tool = Object.hasOwn(tools, toolName) ? tools[toolName] : undefined;
      const input = await checkedInput(tool, text).catch((error) => {
        const { code, message, reason } = toolFailure(toolName, error);
        onReport({
          name: toolName,
          toolCallId,
          outcome: code,
          argumentBytes: utf8Encode(text).length,
          resultBytes: utf8Encode(message).length,
          durationMs: durationMs(),
          reason,
        });
        throw error;
      });
      const execute: Tool["execute"] = tool?.execute;
      const result: unknown = await execute?.(input, {
        toolCallId,
        messages: [],
        abortSignal: signal,
      });
      const content = typeof result === "string" ? result : JSON.stringify(result) ?? "null";
      return { content, isError: false, durationMs: durationMs() };
    } catch (error) {
      signal.throwIfAborted();
      const { message } = toolFailure(toolName, error);
      return { content: message, isError: true, durationMs: durationMs() };
    }
  }
  return { functions, call };
}

async function checkedInput(tool: Tool | undefined, text: string): Promise<unknown> {
  if (tool === undefined) {
    throw new ToolFailure("not_offered", "There is no tool of that name.");
  }
  let value: unknown;
  try {
    value = secureJsonParse(text.trim() === "" ? "{}" : text); // a call without arguments may have no text
  } catch (cause) {
    throw new ToolFailure("bad_arguments", "The arguments are not JSON.", { cause });
  }
  if (nestsDeeperThan(value, MAX_NESTING)) {
    throw new ToolFailure("bad_arguments", "The arguments nest too deep.");
  }
  const checked = await schemaOf(tool).validate?.(value);
  if (checked === undefined) return value; // a schema that checks nothing: its owner's choice
  if (checked.success) return checked.value;
  const complaint = errorMessage(checked.error).slice(0, MAX_COMPLAINT_CHARS);
  throw new ToolFailure("bad_arguments", `The arguments do not fit the tool: ${complaint}`, {
    reason: "the arguments do not fit its schema", // what they were is the visitor's business
  });
}

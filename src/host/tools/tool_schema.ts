import { asSchema } from "@ai-sdk/provider-utils";
import type { Tool } from "ai";
import { errorMessage } from "../../base/mod.ts";
import type { ToolRuntime } from "./tool_runtime.ts";

/** The schema of a tool: of zod, of the AI SDK's `jsonSchema`, or of any Standard Schema. */
export function schemaOf(tool: Tool): ReturnType<typeof asSchema> {
  // `ai` and the endpoint's package carry a copy each of this type, whose brands differ; the brand
  // itself is a registered symbol, the same in both.
  return asSchema(tool.inputSchema as Parameters<typeof asSchema>[0]);
}

/**
 * The same without the tools whose schema cannot be told to an endpoint: one that is not of an
 * object, or that has what JSON Schema does not know (a `z.date()`).
 */
export async function withUsableSchemas({ tools, problems }: ToolRuntime): Promise<ToolRuntime> {
  const found = await Promise.all(
    Object.entries(tools).map(async ([name, tool]) => ({ name, tool, why: await whyNot(tool) })),
  );
  return {
    tools: Object.fromEntries(
      found.filter(({ why }) => why === undefined).map(({ name, tool }) => [name, tool]),
    ),
    problems: [
      ...problems,
      ...found.filter(({ why }) => why !== undefined)
        .map(({ name, why }) => `the tool ${JSON.stringify(name)} is left out: ${why}`),
    ],
  };
}

async function whyNot(tool: Tool): Promise<string | undefined> {
  try {
    const { type } = await schemaOf(tool).jsonSchema;
    return type === "object" ? undefined : "its inputSchema is not that of an object";
  } catch (error) {
    return `its inputSchema cannot be used (${errorMessage(error)})`;
  }
}

import assert from "node:assert/strict";
import { jsonSchema, tool } from "ai";
import { z } from "zod";
import { offerTools } from "../../../../src/host/tools/offered_tools.ts";
import type { ToolReport } from "../../../../src/host/tools/tool_report.ts";
import { createToolRuntime } from "../../../../src/host/tools/tool_runtime.ts";
import { withUsableSchemas } from "../../../../src/host/tools/tool_schema.ts";
import { buildUiEventTools } from "../../../../src/host/tools/ui_event_tools.ts";

const { signal } = new AbortController();

async function offered() {
  const reports: ToolReport[] = [];
  const seen: unknown[] = [];
  const tools = await offerTools({
    add: tool({
      description: "Adds.",
      inputSchema: z.object({ a: z.number(), b: z.number().default(1) }),
      execute: (input) => {
        seen.push(input);
        return input.a + input.b;
      },
    }),
    plain: tool({
      inputSchema: jsonSchema({ type: "object", properties: {} }),
      execute: () => "text",
    }),
  }, (report) => reports.push(report));
  const call = (toolName: string, input: string) =>
    tools.call({ toolCallId: "1", toolName, input }, signal);
  return { tools, reports, seen, call };
}

Deno.test("offerTools: an endpoint is told of names, descriptions and schemas", async () => {
  const { tools: { functions } } = await offered();
  assert.deepEqual(functions.map(({ name, description }) => [name, description]), [
    ["add", "Adds."],
    ["plain", undefined],
  ]);
  assert.deepEqual(Object.keys(functions[0]?.inputSchema.properties ?? {}), ["a", "b"]);
});

Deno.test("offerTools: arguments are checked, and defaults filled in, before the tool is called", async () => {
  const { call, seen, reports } = await offered();
  assert.deepEqual({ ...await call("add", '{"a":2}'), durationMs: 0 }, {
    content: "3",
    isError: false,
    durationMs: 0,
  });
  assert.equal((await call("plain", "")).content, "text");
  for (const input of ['{"a":"2"}', '{"a":', "[]", '{"__proto__":{"a":1}}', "[".repeat(100)]) {
    const { isError, content } = await call("add", input);
    assert.ok(isError && content.length < 600, input);
  }
  const deep = `{"a":${"[".repeat(80)}${"]".repeat(80)}}`;
  assert.match((await call("add", deep)).content, /too deep/);
  assert.deepEqual(seen, [{ a: 2, b: 1 }]);
  assert.ok(reports.length === 6 && reports.every(({ outcome }) => outcome === "bad_arguments"));
  assert.doesNotMatch(JSON.stringify(reports), /"2"/);
});

Deno.test("offerTools: a name that nobody offered is an answer for the model", async () => {
  const { call, reports } = await offered();
  for (const name of ["rm", "toString", "__proto__"]) {
    assert.deepEqual((await call(name, "{}")).content, "There is no tool of that name.");
  }
  assert.deepEqual(reports.map(({ outcome }) => outcome), Array(3).fill("not_offered"));
});

Deno.test("withUsableSchemas: a tool whose schema is no JSON Schema of an object is left out", async () => {
  const execute = () => 1;
  const { tools, problems } = await withUsableSchemas(createToolRuntime({
    tools: {
      good: { inputSchema: z.object({}), execute },
      date: { inputSchema: z.object({ at: z.date() }), execute },
      text: { inputSchema: z.string(), execute },
    },
  }));
  assert.ok("good" in tools && !("date" in tools) && !("text" in tools));
  assert.equal(problems.length, 2);
});

Deno.test("offerTools: the UI tools' own schemas are ones that endpoints take", async () => {
  const { functions } = await offerTools(buildUiEventTools(() => {}), () => {});
  for (const { inputSchema } of functions) {
    assert.equal(inputSchema.type, "object");
    assert.doesNotMatch(JSON.stringify(inputSchema), /\$ref/);
  }
});

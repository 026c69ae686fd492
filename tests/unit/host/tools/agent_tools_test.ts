import assert from "node:assert/strict";
import { tool } from "ai";
import { z } from "zod";
import { createLogger } from "../../../../src/base/mod.ts";
import { buildAgentTools } from "../../../../src/host/tools/agent_tools.ts";
import { buildCompanionTools } from "../../../../src/host/tools/companion_tools.ts";
import { createToolRuntime } from "../../../../src/host/tools/tool_runtime.ts";

const log = createLogger({ name: "test", write: () => {} });
const echo = tool({
  description: "Says it again.",
  inputSchema: z.object({ text: z.string() }),
  execute: ({ text }) => text,
});
const toolRuntime = createToolRuntime({ tools: { echo } });
const signed = (...names: string[]) => names.map((name) => ({ name, description: `The ${name}.` }));
const sendUiEvent = () => {};
const UI = ["show_presentation", "set_state", "send_custom_event"];

Deno.test("buildAgentTools: exactly what is signed and registered is offered", () => {
  const manifest = {
    tools: signed("echo", "share_contact", "format_disk", "__proto__", "toString"),
  };
  const tools = buildAgentTools({ manifest, toolRuntime, log });
  assert.deepEqual(Object.keys(tools), ["echo", "share_contact"]);
});

Deno.test("buildAgentTools: without a verified manifest there is nothing at all", () => {
  const uiTools = buildCompanionTools(sendUiEvent);
  assert.deepEqual(buildAgentTools({ toolRuntime, sendUiEvent, uiTools, log }), {});
});

Deno.test("buildAgentTools: UI tools go with a manifest, companion tools where it names them", () => {
  const uiTools = buildCompanionTools(sendUiEvent);
  const names = (enable_tools?: string[]) =>
    Object.keys(buildAgentTools({
      manifest: { tools: [], events: { ...(enable_tools ? { enable_tools } : {}) } },
      toolRuntime,
      sendUiEvent,
      uiTools,
      log,
    }));
  assert.deepEqual(names(), UI);
  assert.deepEqual(names(["say_companion", "echo", "set_state"]), ["say_companion", ...UI]);
  assert.deepEqual(names(["react_companion", "say_companion"]).length, 5);
});

Deno.test("buildAgentTools: a call is said on one line, without what it was about", async () => {
  const lines: string[] = [];
  const tools = buildAgentTools({
    manifest: { tools: signed("echo") },
    toolRuntime,
    log: createLogger({ name: "host", write: (line) => lines.push(line) }),
  });
  await tools.echo?.execute?.({ text: "secret" }, { toolCallId: "1", messages: [] });
  assert.match(
    lines.join("\n"),
    /^\[host\] tool\.call {2}tool=echo outcome=ok argument_bytes=17 result_bytes=8 ms=\d+$/,
  );
});

Deno.test("createToolRuntime: what is no tool is left out, with a reason", () => {
  const { tools, problems } = createToolRuntime({
    tools: {
      echo,
      "bad name": echo,
      set_state: echo,
      no_schema: { execute: () => 1 },
      no_execute: { inputSchema: z.object({}) },
      asks: { ...echo, needsApproval: true },
      nothing: null,
    },
  });
  assert.deepEqual(Object.keys(tools), [
    "share_contact",
    "show_project",
    "package_demo_pod",
    "echo",
  ]);
  assert.deepEqual(problems.map((problem) => /"(.*)"/.exec(problem)?.[1]), [
    "bad name",
    "set_state",
    "no_schema",
    "no_execute",
    "asks",
    "nothing",
  ]);
});

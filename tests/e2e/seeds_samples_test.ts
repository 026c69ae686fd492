/**
 * The code samples of the documents that the project is made from, as they stand there but for the
 * imports, and the names that they leave to their reader.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { streamText, tool } from "ai";
import { z } from "zod";
import { createLogger, fromHex } from "../../src/base/mod.ts";
import {
  buildAgentTools,
  buildCompanionTools,
  buildUiEventTools,
  createLanguageModel,
  createToolRuntime,
  Host,
  startDaemon,
  type UiToolEvent,
} from "../../src/host/mod.ts";
import {
  manifestFromPodToml,
  parsePodToml,
  signManifest,
  verifyManifest,
} from "../../src/pod/mod.ts";
import { generateOwnerKey } from "../../src/pod/native.ts";
import { startBroker } from "../../src/signal/mod.ts";
import { podToml } from "./host_setup.ts";
import { startModelEndpoint } from "./model_endpoint.ts";

const logger = createLogger({ name: "host", write: () => {} });

const TOOLS = `
[[tools]]
name = "weather"
description = "Weather"
[[tools]]
name = "share_contact"
description = "Contact"
[events]
enable_tools = ["react_companion", "say_companion"]
`;

async function verified() {
  const { publicKey, secretKey } = await generateOwnerKey();
  const { pod } = parsePodToml(podToml("ws://localhost/signal", "pod", TOOLS));
  return await verifyManifest(
    await signManifest(manifestFromPodToml(pod, publicKey), fromHex(secretKey)),
  );
}

// seed 001, "Adding custom tools", the first sample
const myWeatherTool = tool({
  description: "Get the current weather for a location.",
  inputSchema: z.object({
    location: z.string().describe("City name, e.g. 'London'"),
    units: z.enum(["celsius", "fahrenheit"]).optional(),
  }),
  execute: async ({ location }) => {
    // Call your weather API and return a result
    return await Promise.resolve({ temperature: 22, conditions: "sunny", location });
  },
});

Deno.test("seed 001: streamText runs on createLanguageModel and buildAgentTools", async () => {
  await using endpoint = startModelEndpoint();
  endpoint.next({
    tokens: [],
    toolCalls: [{ id: "1", name: "weather", arguments: '{"location":"London"}' }],
  });
  const verifiedManifest = await verified();
  const myToolRuntime = createToolRuntime({ tools: { weather: myWeatherTool } });
  const sent: UiToolEvent[] = [];
  const mySendUiEventFn = (event: UiToolEvent) => void sent.push(event);
  const mySystemPrompt = "You are a helpful assistant.";

  const model = createLanguageModel("gemma4:e4b", endpoint.url);

  const tools = buildAgentTools({
    systemPrompt: "You are a helpful assistant.",
    model: "gemma4:e4b",
    ollamaUrl: endpoint.url,
    manifest: verifiedManifest,
    toolRuntime: myToolRuntime,
    sendUiEvent: mySendUiEventFn,
    log: logger,
  });

  const response = await streamText({
    model,
    system: mySystemPrompt,
    messages: [{ role: "user", content: "Hello!" }],
    tools,
  });

  assert.deepEqual(Object.keys(tools), [
    "weather",
    "share_contact",
    "show_presentation",
    "set_state",
    "send_custom_event",
  ]);
  await response.consumeStream();
  const [result] = await response.toolResults;
  assert.deepEqual(result?.output, { temperature: 22, conditions: "sunny", location: "London" });
});

Deno.test("seed 001: companion tools are opt-in, and passed as uiTools", async () => {
  const sent: unknown[] = [];
  const session = {
    sendUiEvent: (event: UiToolEvent, meta: { stream: boolean }) =>
      Promise.resolve(void sent.push([event, meta])),
  };

  const sendUiEvent = async (event: UiToolEvent) => {
    // Send a DARTC ui.event envelope to the visitor
    await session.sendUiEvent(event, { stream: true });
  };

  // Companion tools are opt-in:
  const uiTools = buildCompanionTools(sendUiEvent);

  // They are passed to buildAgentTools via uiTools:
  const tools = buildAgentTools({
    manifest: await verified(),
    sendUiEvent,
    uiTools, // includes react_companion, say_companion
    log: logger,
  });

  const options = { toolCallId: "1", messages: [] };
  await tools.say_companion?.execute?.({ text: "Hi" }, options);
  await tools.react_companion?.execute?.({ mood: "happy" }, options);
  const generic = buildUiEventTools(sendUiEvent);
  await generic.send_custom_event?.execute?.({ name: "confetti" }, options);
  assert.deepEqual(sent, [
    [{ type: "CUSTOM", name: "companion.say", value: { text: "Hi" } }, { stream: true }],
    [{ type: "CUSTOM", name: "companion.react", value: { mood: "happy" } }, { stream: true }],
    [{ type: "CUSTOM", name: "confetti" }, { stream: true }],
  ]);
});

Deno.test("seed 001: a Host is embedded by its class, or by startDaemon", async () => {
  await using endpoint = startModelEndpoint();
  await using broker = await startBroker({
    port: 0,
    limits: "off",
    log: createLogger({ name: "signal", write: () => {} }),
  });
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-seeds-" });
  try {
    const myPod = join(folder, "my-pod");
    await Deno.mkdir(myPod);
    await Deno.writeTextFile(join(myPod, "pod.toml"), podToml(`${broker.url}/signal`, "my-pod"));
    const here = { port: 0, home: join(folder, "home"), headless: true, logger };

    // Option A: use the Host class directly
    const host = new Host({ ollamaUrl: endpoint.url, ...here });
    await host.start();
    const podId = await host.addPodFromDir(myPod);
    assert.equal(podId, "my-pod");
    assert.ok(host.port() > 0);
    // Later:
    await host.shutdown();

    // Option B: convenience helper
    const { shutdown } = await startDaemon({ ollamaUrl: endpoint.url, podDir: myPod, ...here });
    // Later:
    await shutdown();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

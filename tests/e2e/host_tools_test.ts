import assert from "node:assert/strict";
import { join } from "node:path";
import { fromHex, toBase64 } from "../../src/base/mod.ts";
import type { HostConfig, HostEvent } from "../../src/host/mod.ts";
import { manifestFromPodToml, parsePodToml, signManifest } from "../../src/pod/mod.ts";
import { generateOwnerKey } from "../../src/pod/native.ts";
import { HostClient } from "./host_client.ts";
import { type HostSetup, podToml, startHostSetup } from "./host_setup.ts";
import { type ModelEndpoint, type Script, startModelEndpoint } from "./model_endpoint.ts";
import type { NativeVisitor } from "./native_visitor.ts";

const CONVERSATION = "conversation-0123456789";
const UI_TOOLS = ["show_presentation", "set_state", "send_custom_event"];

const TOOLS = `
import { tool } from "ai";
import { z } from "zod";

interface Weather { city: string; celsius: number }

export default {
  weather: tool({
    description: "Get the current weather of a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }: { city: string }): Weather => ({ city, celsius: 22 }),
  }),
  broken: tool({
    description: "Fails.",
    inputSchema: z.object({}),
    execute: () => { throw new TypeError("secret at /home/owner/key"); },
  }),
  unsigned: tool({ description: "Not signed.", inputSchema: z.object({}), execute: () => 1 }),
};
`;

const SIGNED = `
[[tools]]
name = "weather"
description = "Weather"
[[tools]]
name = "broken"
description = "Fails"
[[tools]]
name = "format_disk"
description = "Registered nowhere"
`;

/** A Host that serves a pod with tools, and what a visitor needs. */
interface ToolSetup extends AsyncDisposable {
  readonly setup: HostSetup;
  readonly model: ModelEndpoint;
  /** A visitor with the pod's signed manifest. */
  visit(options?: { conversationId?: string }): Promise<NativeVisitor>;
}

async function startToolSetup(
  options: { toml?: string; files?: Record<string, string>; config?: HostConfig } = {},
): Promise<ToolSetup> {
  const { toml = SIGNED, files = { "tools.ts": TOOLS }, config } = options;
  await using open = new AsyncDisposableStack();
  const model = open.use(startModelEndpoint());
  const setup = open.use(await startHostSetup(model.url, config));
  const dir = await setup.writePod("pod", toml);
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(dir, name), text);
  await setup.host.addPodFromDir(dir);
  await setup.host.registry.get("pod")?.registered;
  const { publicKey, secretKey } = await generateOwnerKey();
  const { pod } = parsePodToml(podToml(setup.signalUrl, "pod", toml));
  const manifest = manifestFromPodToml(pod, publicKey);
  const signedManifestB64 = toBase64(await signManifest(manifest, fromHex(secretKey)));
  const owned = open.move();
  return {
    setup,
    model,
    visit: (more) => setup.visit("pod", { signedManifestB64, ...more }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const calls = (name: string, input: unknown, id = "call_0"): Script => ({
  tokens: [],
  toolCalls: [{ id, name, arguments: JSON.stringify(input) }],
});

/** The names of the tools that came with a request. */
async function offeredIn(model: ModelEndpoint, index: number): Promise<string[]> {
  const { body } = await model.request(index);
  const tools = (body.tools ?? []) as { function: { name: string } }[]; // as OpenAI's API has them
  return tools.map((one) => one.function.name);
}

/** What a tool answered, as the model reads it. */
async function toolMessages(model: ModelEndpoint, index: number): Promise<string[]> {
  const { thread } = await model.request(index);
  return thread.filter(({ role }) => role === "tool").map(({ content }) => content);
}

Deno.test("Host: a tool of the owner's is called, and the visitor sees each part of it", async () => {
  await using started = await startToolSetup();
  const { model, setup } = started;
  const heard: HostEvent[] = [];
  setup.host.bus.on("tool_call", (event) => heard.push(event));
  setup.host.bus.on("tool_result", (event) => heard.push(event));
  const api = await HostClient.connect(setup.host.port());
  await using stream = await api.events("/pods/pod/events/stream");
  await using visitor = await started.visit({ conversationId: CONVERSATION });
  model.next({
    tokens: ["Let me look."],
    toolCalls: [{ id: "call_0", name: "weather", arguments: ['{"ci', 'ty":"Ro', 'me"}'] }],
  }, { tokens: ["It is ", "22."] });
  const { text, requestId, finishReason } = await visitor.ask("The weather?");
  assert.equal(text, "Let me look.\n\nIt is 22.");
  assert.equal(finishReason, "stop");

  assert.deepEqual(await offeredIn(model, 0), ["weather", "broken", ...UI_TOOLS]);
  const { body } = await model.request(1);
  assert.deepEqual(body.messages.slice(2), [
    {
      role: "assistant",
      content: "Let me look.",
      tool_calls: [{
        id: "call_0",
        type: "function",
        function: { name: "weather", arguments: '{"city":"Rome"}' },
      }],
    },
    { role: "tool", tool_call_id: "call_0", content: '{"city":"Rome","celsius":22}' },
  ]);

  const base = { threadId: CONVERSATION, runId: requestId };
  const toolCallId = "call_0";
  assert.deepEqual(visitor.uiEvents("TOOL_CALL_START"), [{
    ...base,
    type: "TOOL_CALL_START",
    toolCallId,
    toolCallName: "weather",
    parentMessageId: `${requestId}:assistant`,
  }]);
  assert.equal(
    visitor.uiEvents("TOOL_CALL_ARGS").map(({ delta }) => delta).join(""),
    '{"city":"Rome"}',
  );
  assert.equal(visitor.uiEvents("TOOL_CALL_END").length, 1);
  assert.deepEqual(visitor.uiEvents("TOOL_CALL_RESULT"), [{
    ...base,
    type: "TOOL_CALL_RESULT",
    messageId: `${requestId}:tool:call_0`,
    toolCallId,
    content: '{"city":"Rome","celsius":22}',
    role: "tool",
  }]);
  const order = visitor.events.flatMap((event) => event.type === "ui" ? [event.event.type] : []);
  assert.deepEqual([...new Set(order)], [
    "RUN_STARTED",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "TOOL_CALL_START",
    "TOOL_CALL_ARGS",
    "TOOL_CALL_END",
    "TOOL_CALL_RESULT",
    "TEXT_MESSAGE_END",
    ...(order.includes("RUN_FINISHED") ? ["RUN_FINISHED"] : []), // comes right after `done`
  ]);

  const stored = setup.host.conversations.messages("pod", CONVERSATION, { newest: 10 });
  assert.deepEqual(stored.map(({ content }) => content), ["The weather?", text]);
  assert.deepEqual(heard.map(({ event }) => event.type), ["tool_call", "tool_result"]);
  const call = { conversationId: CONVERSATION, runId: requestId, toolCallId, name: "weather" };
  const { event: called } = await stream.until("tool_call");
  const { event: answered } = await stream.until("tool_result");
  assert.partialDeepStrictEqual(called, { ...call, input: { city: "Rome" } });
  assert.partialDeepStrictEqual(answered, { ...call, output: { city: "Rome", celsius: 22 } });
  const lines = setup.lines.join("\n");
  assert.match(lines, /dartc\.hello verified .* manifest_ok=true tools=\[weather,broken,show_/);
  assert.match(
    lines,
    /tool\.call {2}tool=weather outcome=ok argument_bytes=15 result_bytes=28 ms=/,
  );
  assert.match(lines, /tool_missing {2}pod=pod tool=format_disk/);
  assert.doesNotMatch(lines, /Rome/);
});

Deno.test("Host: a visitor without a signed manifest is offered no tool, and can call none", async () => {
  await using started = await startToolSetup();
  const { model, setup } = started;
  await using visitor = await setup.visit("pod");
  model.next({ tokens: ["Hello."], ...{ toolCalls: calls("weather", {}).toolCalls ?? [] } });
  assert.equal((await visitor.ask("Hi?")).text, "Hello.");
  assert.equal((await model.request(0)).body.tools, undefined);
  assert.equal(model.requests.length, 1);
  assert.deepEqual(visitor.uiEvents("TOOL_CALL_START"), []);
});

Deno.test("Host: a name that is not both signed and registered is refused to the model", async () => {
  await using started = await startToolSetup();
  const { model } = started;
  await using visitor = await started.visit();
  for (const name of ["unsigned", "format_disk", "share_contact", "say_companion"]) {
    model.next(calls(name, {}), { tokens: ["Fine."] });
    const before = model.requests.length;
    assert.equal((await visitor.ask(`Call ${name}.`)).text, "Fine.");
    assert.deepEqual(await toolMessages(model, before + 1), ["There is no tool of that name."]);
  }
});

Deno.test("Host: a tool that throws, or is asked wrongly, is an answer for the model", async () => {
  await using started = await startToolSetup();
  const { model, setup } = started;
  await using visitor = await started.visit();
  model.next({
    tokens: [],
    toolCalls: [
      { id: "a", name: "broken", arguments: "{}" },
      { id: "b", name: "weather", arguments: '{"town":"Rome"}' },
      { id: "c", name: "weather", arguments: '{"city":' },
    ],
  }, { tokens: ["Sorry."] });
  assert.equal((await visitor.ask("Try.")).text, "Sorry.");
  const [broken = "", wrong = "", half = ""] = await toolMessages(model, 1);
  assert.equal(broken, "The tool broken failed.");
  assert.match(wrong, /do not fit the tool/);
  assert.match(half, /not JSON/);
  const shown = JSON.stringify(visitor.events);
  assert.doesNotMatch(shown, /secret|\/home\/owner|TypeError/);
  assert.match(setup.lines.join("\n"), /tool=broken outcome=failed .*reason="?secret at/);
});

Deno.test("Host: calls that all say index 0, and ids that come again, are told apart", async () => {
  await using started = await startToolSetup();
  const { model } = started;
  await using visitor = await started.visit();
  const both = ["Rome", "Oslo"].map((city, place) => ({
    id: `call_${place}`,
    index: 0,
    name: "weather",
    arguments: JSON.stringify({ city }),
  }));
  model.next({ tokens: [], toolCalls: both }, calls("weather", { city: "Bern" }), {
    tokens: ["Done."],
  });
  assert.equal((await visitor.ask("All three.")).text, "Done.");
  const cities = (await toolMessages(model, 2)).map((text) => JSON.parse(text).city);
  assert.deepEqual(cities, ["Rome", "Oslo", "Bern"]);
  const ids = visitor.uiEvents("TOOL_CALL_START").map(({ toolCallId }) => toolCallId);
  assert.deepEqual(ids, ["call_0", "call_1", "call_0-2"]);
  const answered = visitor.uiEvents("TOOL_CALL_RESULT").map(({ toolCallId }) => toolCallId);
  assert.deepEqual(answered.toSorted(), ids.toSorted());
});

Deno.test("Host: a model that goes on calling is asked five times, the last without tools", async () => {
  await using started = await startToolSetup();
  const { model } = started;
  await using visitor = await started.visit();
  model.script((body) =>
    body.tools === undefined ? { tokens: ["Enough."] } : calls("weather", { city: "Rome" })
  );
  assert.equal((await visitor.ask("Again and again.")).text, "Enough.");
  assert.equal(model.requests.length, 5);
  model.script(calls("weather", { city: "Rome" }));
  const { error } = await visitor.ask("And for ever.");
  assert.equal(error?.code, "chat_failed");
  assert.equal(model.requests.length, 10);
});

Deno.test("Host: a model that takes no tools is asked without them, said once and remembered", async () => {
  await using started = await startToolSetup();
  const { model, setup } = started;
  await using visitor = await started.visit();
  const body = '{"error":{"message":"registry/test-model does not support tools"}}';
  model.script((request) =>
    request.tools === undefined ? { tokens: ["Plain."] } : { status: 400, body }
  );
  assert.equal((await visitor.ask("One?")).text, "Plain.");
  assert.equal((await visitor.ask("Two?")).text, "Plain.");
  assert.equal(model.requests.length, 3);
  assert.equal(setup.lines.filter((line) => /takes no tools/.test(line)).length, 1);
});

Deno.test("Host: a 400 that is not about tools is the visitor's to know, and costs no tools", async () => {
  await using started = await startToolSetup();
  const { model, setup } = started;
  await using visitor = await started.visit();
  model.next({ status: 400 }, { status: 400 });
  assert.equal((await visitor.ask("One?")).error?.code, "chat_failed");
  await visitor.ask("Two?");
  assert.ok((await offeredIn(model, 2)).includes("weather"));
  assert.doesNotMatch(setup.lines.join("\n"), /takes no tools/);
});

Deno.test("Host: of a long result the model reads what fits its context", async () => {
  const files = {
    "tools.js": `import { z } from "zod";
      export default { long: { inputSchema: z.object({}), execute: () => "x".repeat(10_000) } };`,
  };
  const toml = `[llm]\ncontext = 2048\n[[tools]]\nname = "long"\ndescription = "Long"\n`;
  await using started = await startToolSetup({ files, toml });
  const { model } = started;
  await using visitor = await started.visit();
  model.next(calls("long", {}), {});
  await visitor.ask("All of it.");
  const [result = ""] = await toolMessages(model, 1);
  assert.equal(result, `${"x".repeat(1_536)}… (cut)`);
  assert.equal(visitor.uiEvents("TOOL_CALL_RESULT")[0]?.content.length, 10_000);
});

Deno.test("Host: a tool that takes too long is given up, and the answer goes on", async () => {
  const files = {
    "tools.js": `import { z } from "zod";
      export default { wait: { inputSchema: z.object({}), execute: () => new Promise(() => {}) } };`,
  };
  const toml = `[[tools]]\nname = "wait"\ndescription = "Waits"\n`;
  await using started = await startToolSetup({ files, toml, config: { toolTimeLimitMs: 50 } });
  const { model, setup } = started;
  await using visitor = await started.visit();
  model.next(calls("wait", {}), { tokens: ["Never mind."] });
  assert.equal((await visitor.ask("Wait.")).text, "Never mind.");
  assert.deepEqual(await toolMessages(model, 1), ["The tool wait took longer than 0.05 s."]);
  assert.match(setup.lines.join("\n"), /tool=wait outcome=timed_out/);
});

Deno.test("Host: a visitor who leaves in the middle of a tool takes it along", async () => {
  const files = {
    "tools.js": `export default { wait: {
      description: "Waits.", inputSchema: (await import("zod")).z.object({}),
      execute: (_, { abortSignal }) => new Promise((_, reject) =>
        abortSignal.addEventListener("abort", () => reject(new Error("stopped")))),
    } };`,
  };
  const toml = `[[tools]]\nname = "wait"\ndescription = "Waits"\n`;
  await using started = await startToolSetup({ files, toml });
  const { model, setup } = started;
  const visitor = await started.visit();
  model.next(calls("wait", {}));
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  setup.host.bus.on("tool_call", () => begun.resolve());
  setup.host.bus.on("assistant", () => over.resolve());
  visitor.send("Wait.");
  await begun.promise;
  await visitor[Symbol.asyncDispose]();
  await over.promise;
  assert.match(setup.lines.join("\n"), /tool=wait outcome=cancelled/);
});

Deno.test("Host: set_state is sent, kept with its conversation, and sent again on return", async () => {
  await using started = await startToolSetup();
  const { model, setup } = started;
  const snapshot = { cart: ["tea"] };
  const delta = [{ op: "add", path: "/cart/-", value: "milk" }];
  {
    await using visitor = await started.visit({ conversationId: CONVERSATION });
    model.next(
      calls("set_state", { snapshot }),
      calls("set_state", { delta }),
      calls("set_state", { delta: [{ op: "remove", path: "/nothing" }, ...delta] }),
      { tokens: ["Two things."] },
    );
    assert.equal((await visitor.ask("Tea and milk.")).text, "Two things.");
    assert.deepEqual(visitor.uiEvents("STATE_SNAPSHOT").map((one) => one.snapshot), [snapshot]);
    assert.deepEqual(visitor.uiEvents("STATE_DELTA").map((one) => one.delta), [delta]);
    assert.match((await toolMessages(model, 3)).at(-1) ?? "", /Cannot apply operation 0/);
  }
  {
    await using visitor = await started.visit({ conversationId: CONVERSATION });
    const again = await visitor.until("the state", () => visitor.uiEvents("STATE_SNAPSHOT")[0]);
    assert.deepEqual(again.snapshot, { cart: ["tea", "milk"] });
    assert.equal(again.threadId, CONVERSATION);
  }
  setup.host.conversations.clear("pod");
  await using visitor = await started.visit({ conversationId: CONVERSATION });
  model.next(calls("set_state", { delta: [{ op: "add", path: "/n", value: 1 }] }), {});
  await visitor.ask("From the beginning.");
  assert.deepEqual(visitor.uiEvents("STATE_SNAPSHOT").map((one) => one.snapshot), [{ n: 1 }]);
});

Deno.test("Host: [events] of the manifest surround each run, and turn companion tools on", async () => {
  const toml = `
[events]
on_run_started = [{ name = "companion.react", value = { mood = "thinking" } }]
on_run_finished = [{ name = "done" }]
enable_tools = ["say_companion"]
`;
  await using started = await startToolSetup({ toml, files: {} });
  const { model } = started;
  await using visitor = await started.visit();
  model.next(calls("say_companion", { text: "Hi!" }), { tokens: ["Hello."] });
  await visitor.ask("Hi?");
  await visitor.until("the end", () => visitor.uiEvents("CUSTOM")[2]);
  assert.deepEqual(visitor.uiEvents("CUSTOM").map(({ name, value }) => [name, value]), [
    ["companion.react", { mood: "thinking" }],
    ["companion.say", { text: "Hi!" }],
    ["done", undefined],
  ]);
  assert.deepEqual(await offeredIn(model, 0), ["say_companion", ...UI_TOOLS]);
});

Deno.test("Host: the built-in tools answer from the pod's folder, else from the settings", async () => {
  const toml = ["share_contact", "show_project"]
    .map((name) => `[[tools]]\nname = "${name}"\ndescription = "x"\n`).join("");
  const config = { contactJson: '{"email":"host@example.org"}' };
  await using started = await startToolSetup({ toml, files: {}, config });
  const { model, setup } = started;
  await using visitor = await started.visit();
  const ask = async () => {
    const before = model.requests.length;
    model.next(calls("share_contact", {}), calls("show_project", {}), {});
    await visitor.ask("Who?");
    return (await toolMessages(model, before + 2)).map((text) => JSON.parse(text));
  };
  assert.deepEqual(await ask(), [
    { email: "host@example.org" },
    { name: "Test pod", summary: "A pod for tests" },
  ]);
  const dir = join(setup.folder, "pod");
  await Deno.writeTextFile(join(dir, "contacts.json"), '{"email":"pod@example.org"}');
  await Deno.writeTextFile(join(dir, "projects.json"), '{"projects":[{"name":"A"}]}');
  assert.deepEqual(await ask(), [
    { email: "pod@example.org" },
    { projects: [{ name: "A" }] },
  ]);
});

Deno.test("Host: a tools file that is broken is said, and the pod is served without it", async () => {
  await using started = await startToolSetup({
    files: { "tools.ts": "const a = 1;\nenum B { C }" },
  });
  const { setup } = started;
  await using visitor = await started.visit();
  assert.equal((await visitor.ask("Hi?")).text, "Hello from the endpoint.");
  assert.match(setup.lines.join("\n"), /tools of pod: Cannot load .*tools\.ts:2:1: .*enum/);
});

for (const reasoningAs of ["reasoning", "reasoning_content"] as const) {
  Deno.test(`Host: delta.${reasoningAs} goes out as a message of its own, before and between tools`, async () => {
    await using started = await startToolSetup();
    const { model, setup } = started;
    await using visitor = await started.visit({ conversationId: CONVERSATION });
    model.next({
      reasoning: ["I should ", "look."],
      reasoningAs,
      ...calls("weather", { city: "Rome" }),
    }, { reasoning: ["22!"], reasoningAs, tokens: ["<think>no</think>It is 22."] });
    const { text, requestId } = await visitor.ask("The weather?");
    assert.equal(text, "<think>no</think>It is 22.");
    const messageId = `${requestId}:reasoning`;
    const starts = visitor.uiEvents("TEXT_MESSAGE_START").filter(({ role }) =>
      role === "reasoning"
    );
    assert.deepEqual(starts.map((one) => one.messageId), [messageId, messageId]);
    const thought = visitor.uiEvents("TEXT_MESSAGE_CONTENT")
      .filter((one) => one.messageId === messageId).map(({ delta }) => delta).join("");
    assert.equal(thought, "I should look.22!");
    const stored = setup.host.conversations.messages("pod", CONVERSATION, { newest: 10 });
    assert.deepEqual(stored.map(({ content }) => content), ["The weather?", text]);
  });
}

import assert from "node:assert/strict";
import { buildCompanionTools } from "../../../../src/host/tools/companion_tools.ts";
import { memoryState } from "../../../../src/host/tools/shared_state.ts";
import { buildUiEventTools } from "../../../../src/host/tools/ui_event_tools.ts";
import type { UiToolEvent } from "../../../../src/host/tools/ui_tool_event.ts";

const OPTIONS = { toolCallId: "1", messages: [] };

Deno.test("buildUiEventTools: each tool sends its event", async () => {
  const sent: UiToolEvent[] = [];
  const tools = buildUiEventTools((event) => void sent.push(event));
  const value = { title: "Plan", slides: [{ text: "One" }] };
  await tools.show_presentation?.execute?.(value, OPTIONS);
  await tools.send_custom_event?.execute?.({ name: "confetti" }, OPTIONS);
  await tools.set_state?.execute?.({ snapshot: { n: 1 } }, OPTIONS);
  const delta = [{ op: "replace", path: "/n", value: 2 }];
  assert.deepEqual(await tools.set_state?.execute?.({ delta }, OPTIONS), {
    ok: true,
    state: { n: 2 },
  });
  assert.deepEqual(sent, [
    { type: "CUSTOM", name: "presentation.show", value },
    { type: "CUSTOM", name: "confetti" },
    { type: "STATE_SNAPSHOT", snapshot: { n: 1 } },
    { type: "STATE_DELTA", delta },
  ]);
});

Deno.test("set_state: what cannot be sent is not kept, and what fails sends nothing", async () => {
  const state = memoryState();
  state.write({ n: 1 });
  const full = buildUiEventTools(() => {
    throw new Error("too large");
  }, { state });
  await assert.rejects(async () => await full.set_state?.execute?.({ snapshot: 2 }, OPTIONS));
  assert.deepEqual(state.read(), { n: 1 });
  const sent: UiToolEvent[] = [];
  const tools = buildUiEventTools((event) => void sent.push(event), { state });
  await assert.rejects(async () =>
    await tools.set_state?.execute?.({ delta: [{ op: "remove", path: "/x" }] }, OPTIONS)
  );
  assert.deepEqual(sent, []);
});

Deno.test("set_state: of calls at once each builds on the one before", async () => {
  const state = memoryState();
  const tools = buildUiEventTools(() => new Promise((resolve) => queueMicrotask(resolve)), {
    state,
  });
  await tools.set_state?.execute?.({ snapshot: [] }, OPTIONS);
  await Promise.all(
    [1, 2, 3].map((value) =>
      tools.set_state?.execute?.({ delta: [{ op: "add", path: "/-", value }] }, OPTIONS)
    ),
  );
  assert.deepEqual(state.read(), [1, 2, 3]);
});

Deno.test("buildCompanionTools: a reaction and a line go out as events", async () => {
  const sent: UiToolEvent[] = [];
  const tools = buildCompanionTools((event) => void sent.push(event));
  await tools.react_companion?.execute?.({ mood: "happy" }, OPTIONS);
  await tools.say_companion?.execute?.({ text: "Hi" }, OPTIONS);
  assert.deepEqual(sent, [
    { type: "CUSTOM", name: "companion.react", value: { mood: "happy" } },
    { type: "CUSTOM", name: "companion.say", value: { text: "Hi" } },
  ]);
});

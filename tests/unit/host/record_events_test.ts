import assert from "node:assert/strict";
import { EventBus, type NewHostEvent } from "../../../src/host/event_bus.ts";
import { recordEvents } from "../../../src/host/record_events.ts";
import type { LoggedEvent } from "../../../src/host/store/event_log.ts";

Deno.test("what happens is written down with its measures, and never with its words", () => {
  const bus = new EventBus({ now: () => 42 });
  const logged: LoggedEvent[] = [];
  const end = recordEvents(bus, (event) => logged.push(event));
  const about = { scope: "conversation", podId: "pod", peerId: "p" } as const;
  const of = { conversationId: "c", runId: "r" };
  const secret = "the words themselves";
  const events: NewHostEvent[] = [
    { scope: "pod", podId: "pod", event: { type: "peer_joined", peerId: "p" } },
    { ...about, event: { type: "user", ...of, content: secret } },
    {
      ...about,
      event: { type: "tool_call", ...of, toolCallId: "t", name: "look", input: { secret } },
    },
    {
      ...about,
      event: {
        type: "tool_result",
        ...of,
        toolCallId: "t",
        name: "look",
        output: secret,
        isError: true,
      },
    },
    {
      ...about,
      event: {
        type: "assistant",
        ...of,
        content: secret,
        status: "done",
        model: "m",
        durationMs: 5,
      },
    },
    { ...about, event: { type: "error", ...of, code: "chat_failed", message: "It broke." } },
    { scope: "pod", podId: "pod", event: { type: "pod_error", message: "taken over" } },
    { scope: "pod", podId: "pod", event: { type: "pod_running" } },
    { scope: "host", event: { type: "host_stopping" } },
  ];
  for (const event of events) bus.emit(event);
  end();
  bus.emit({ scope: "pod", podId: "pod", event: { type: "peer_left", peerId: "p" } });
  assert.deepEqual(logged.map(({ kind }) => kind), [
    "peer",
    "message",
    "tool_call",
    "tool_call",
    "message",
    "run",
    "error",
    "run",
    "error",
  ]);
  assert.ok(logged.every(({ podId, at }) => podId === "pod" && at === 42));
  assert.doesNotMatch(JSON.stringify(logged), /words/);
  assert.deepEqual(logged[1]?.detail, { role: "user", characters: secret.length, run: "r" });
  assert.deepEqual(logged[5]?.detail, { status: "done", run: "r", model: "m", durationMs: 5 });
  assert.equal(logged[3]?.detail.isError, true);
});

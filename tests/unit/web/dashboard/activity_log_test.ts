import assert from "node:assert/strict";
import { parseHostEvent } from "../../../../web/dashboard/api/host_event.ts";
import {
  ActivityLog,
  activityOf,
  MAX_ACTIVITY,
} from "../../../../web/dashboard/model/activity_log.ts";
import { delta, said } from "./events.ts";

function event(scope: "host" | "pod", body: { type: string; [member: string]: unknown }) {
  const whole = { scope, podId: "pod", event: { id: 1, timestamp: 5, ...body } };
  const read = parseHostEvent(JSON.stringify(whole));
  assert.ok(read);
  return read;
}

Deno.test("what an owner should look at is a problem, with its reason", () => {
  const down = activityOf(event("host", { type: "provider_down", url: "u", reason: "refused" }));
  assert.deepEqual(down, {
    id: 1,
    at: 5,
    type: "provider_down",
    isProblem: true,
    detail: "refused",
  });
  const lost = activityOf(event("pod", { type: "signal_disconnected", reason: "" }));
  assert.deepEqual(lost, {
    id: 1,
    at: 5,
    type: "signal_disconnected",
    podId: "pod",
    isProblem: true,
  });
});

Deno.test("the words of an answer and the steps of the queue are no lines", () => {
  assert.equal(activityOf(delta("word")), undefined);
  const queue = { type: "queue_changed", url: "u", running: 1, waiting: 0 };
  assert.equal(activityOf(event("host", queue)), undefined);
});

Deno.test("of what was said the beginning is shown, on one line", () => {
  const entry = activityOf(said({ type: "user", content: `a\n\n${"b".repeat(500)}` }));
  assert.equal(entry?.detail?.length, 160);
  assert.match(entry?.detail ?? "", /^a b+…$/);
});

Deno.test("an event of a later Host is a line with its own name", () => {
  assert.equal(activityOf(event("pod", { type: "pod_sang" }))?.type, "pod_sang");
});

Deno.test("the newest lines are kept, newest first", () => {
  const log = new ActivityLog();
  for (let i = 0; i < MAX_ACTIVITY + 10; i++) log.add(said({ type: "user", content: `${i}` }));
  assert.equal(log.entries.length, MAX_ACTIVITY);
  assert.equal(log.entries[0]?.detail, `${MAX_ACTIVITY + 9}`);
});

import assert from "node:assert/strict";
import type { DartcStage, RuntimeTransportState } from "../../../../src/runtime/mod.ts";
import { type ConnectionContext, connectionView } from "../../../../web/ui/connection.ts";
import { english } from "../../../../web/ui/strings.ts";

function transport(state: Partial<RuntimeTransportState>): RuntimeTransportState {
  return {
    status: "idle",
    trace: [],
    dartcEvents: [],
    ownerVerified: false,
    attempt: 0,
    ...state,
  };
}

const CONTEXT: ConnectionContext = {
  strings: english,
  name: "Ada",
  online: true,
  wasReady: false,
};

const ABSENT = { code: "origin_offline", message: "No Host is registered for ada" };

Deno.test("the connection says where answers come from, and whether that is the owner's", () => {
  const owner = english.ownerNotVerified;
  for (
    const [name, expected] of [
      ["dartc", { label: english.fromOwner, owner }],
      ["direct", { label: english.fromEndpoint }],
      ["fallback", { label: english.fromBrowser }],
    ] as const
  ) {
    const view = connectionView(transport({ status: "ready", name }), CONTEXT);
    assert.deepEqual(view, { state: "ready", ownerVerified: false, ...expected });
  }
  const proven = transport({ status: "ready", name: "dartc", ownerVerified: true });
  assert.equal(connectionView(proven, CONTEXT).owner, english.ownerVerified);
});

Deno.test("the connection names a relay, if this one goes over it", () => {
  const steps = (...stages: DartcStage[]) => {
    const dartcEvents = stages.map((stage) => ({ stage, at: 0 }));
    return connectionView(transport({ status: "ready", name: "dartc", dartcEvents }), CONTEXT);
  };
  assert.equal(steps("dartc-offer", "relay", "ready").label, english.fromRelay);
  const later = steps("dartc-offer", "relay", "ready", "dartc-offer", "ready");
  assert.equal(later.label, english.fromOwner);
});

Deno.test("the connection is offline while it waits for the next attempt, and while it tries", () => {
  const waiting = connectionView(
    transport({ status: "error", error: ABSENT, attempt: 1, retryAt: 1 }),
    CONTEXT,
  );
  assert.equal(waiting.state, "offline");
  assert.match(waiting.problem ?? "", /^Ada is offline/);
  const trying = connectionView(transport({ status: "connecting", attempt: 1 }), {
    ...CONTEXT,
    before: waiting,
  });
  assert.deepEqual(trying, waiting, "nothing flickers");
});

Deno.test("the connection is an error where no further attempt will help", () => {
  const view = connectionView(
    transport({ status: "error", error: { code: "owner_mismatch", message: "x" }, attempt: 1 }),
    CONTEXT,
  );
  assert.equal(view.state, "error");
  assert.match(view.problem ?? "", /refused/);
});

Deno.test("the connection tells a first attempt from a reconnection", () => {
  const state = transport({ status: "connecting" });
  assert.equal(connectionView(state, CONTEXT).label, english.connecting);
  assert.equal(
    connectionView(state, { ...CONTEXT, wasReady: true }).label,
    english.reconnecting,
  );
});

Deno.test("a browser without a network is offline, but a connection that stands still stands", () => {
  const context = { ...CONTEXT, online: false };
  assert.equal(connectionView(transport({ status: "connecting" }), context).state, "offline");
  assert.equal(connectionView(transport({ status: "ready" }), context).state, "ready");
});

Deno.test("an error that has no sentence of ours is told in the sender's words", () => {
  const error = { code: "something_new", message: "The moon is in the way" };
  const view = connectionView(transport({ status: "error", error, attempt: 1 }), CONTEXT);
  assert.equal(view.problem, "The moon is in the way");
});

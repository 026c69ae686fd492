import assert from "node:assert/strict";
import { isReplayableConversationId, isVisitorConversationId } from "../../../src/dartc/mod.ts";

Deno.test("A visitor's conversation id has 1 to 128 of the allowed characters", () => {
  for (const id of ["a", "conv_1", "A-z.0:9_", "x".repeat(128), "locale:1"]) {
    assert.equal(isVisitorConversationId(id), true, id);
  }
  for (const id of ["", "x".repeat(129), "a b", "é", "a/b", "a\n", "../x", "local:", "local:1"]) {
    assert.equal(isVisitorConversationId(id), false, id);
  }
});

Deno.test("A conversation is replayed from 20 characters on, and never the dashboard's own", () => {
  assert.equal(isReplayableConversationId("x".repeat(19)), false);
  assert.equal(isReplayableConversationId("x".repeat(20)), true);
  assert.equal(isReplayableConversationId(`local:${"x".repeat(20)}`), false);
});

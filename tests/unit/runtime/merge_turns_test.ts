import assert from "node:assert/strict";
import type { HistoryMessage } from "../../../src/runtime/mod.ts";
import { mergeTurns } from "../../../src/runtime/merge_turns.ts";

/** `u1` is a question, `a1` an answer. */
function turns(text: string): HistoryMessage[] {
  return text.split(" ").filter((id) => id !== "").map((id) => ({
    id,
    role: id.startsWith("u") ? "user" : "assistant",
    content: id,
    status: "done",
  }));
}

function merged(ours: string, theirs: string, removed = ""): string {
  const ids = new Set(turns(removed).map(({ id }) => id));
  return mergeTurns(turns(ours), turns(theirs), ids).map(({ id }) => id).join(" ");
}

Deno.test("mergeTurns() keeps what either tab has", () => {
  assert.equal(merged("u1 a1 u2 a2", "u1 a1"), "u1 a1 u2 a2");
  assert.equal(merged("u1 a1", "u1 a1 u3 a3"), "u1 a1 u3 a3");
  assert.equal(merged("u1 a1 u3 a3", "u1 a1 u2 a2"), "u1 a1 u2 a2 u3 a3");
  assert.equal(merged("u1", ""), "u1");
  assert.equal(merged("", "u1 a1"), "u1 a1");
  assert.equal(merged("u1 a1 u2 a2", "u2 a2 u3"), "u1 a1 u2 a2 u3", "a store that was cut");
});

Deno.test("mergeTurns() puts turns in the order in which they were asked", () => {
  const at = (text: string, createdAt: number) =>
    turns(text).map((message) => ({ ...message, createdAt }));
  const result = mergeTurns(at("u1 a1", 1), at("u2 a2", 2), new Set());
  assert.deepEqual(result.map(({ id }) => id), ["u1", "a1", "u2", "a2"]);
});

Deno.test("mergeTurns() keeps an answer with its question", () => {
  assert.equal(merged("uA aA", "uA uB"), "uA aA uB");
  assert.equal(merged("uA uC", "uA aA"), "uA aA uC");
  assert.equal(merged("uA aA uB", "uA uB aB"), "uA aA uB aB");
});

Deno.test("mergeTurns() leaves out what was removed, whoever still has it", () => {
  assert.equal(merged("u1 a1", "u1 a1 u2 a2", "u2 a2"), "u1 a1");
  assert.equal(merged("u1 a1 u2 a2", "u1 a1", "u2 a2"), "u1 a1");
  assert.equal(merged("u1 a1", "u1 a1 u2 a2", "u2"), "u1 a1 a2");
});

Deno.test("mergeTurns() takes an answer that came further", () => {
  const [ours] = turns("a1");
  assert(ours !== undefined);
  const cut: HistoryMessage = { ...ours, content: "half", status: "cut" };
  const whole: HistoryMessage = { ...ours, content: "half and half", status: "done" };
  assert.deepEqual(mergeTurns([cut], [whole], new Set()), [whole]);
  assert.deepEqual(mergeTurns([whole], [cut], new Set()), [whole]);
});

Deno.test("mergeTurns() keeps the order of either side, also of turns whose time nobody knows", () => {
  const ours = turns("u3").map((message) => ({ ...message, createdAt: 3 }));
  const [first, told] = turns("u1 u2");
  assert.ok(first !== undefined && told !== undefined);
  const theirs = [{ ...first, createdAt: 1 }, told]; // a Host's snapshot has no times
  for (const [one, other] of [[ours, theirs], [theirs, ours]] as const) {
    const result = mergeTurns(one, other, new Set()).map(({ id }) => id);
    assert.deepEqual(result, ["u1", "u2", "u3"]);
  }
});

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

function merged(
  base: string,
  ours: string,
  theirs: string,
  options: { trimmed?: boolean } = {},
): string {
  const ids = new Set(turns(base).map(({ id }) => id));
  return mergeTurns(ids, turns(ours), turns(theirs), options).map(({ id }) => id).join(" ");
}

Deno.test("mergeTurns() keeps what either tab added", () => {
  assert.equal(merged("u1 a1", "u1 a1 u2 a2", "u1 a1"), "u1 a1 u2 a2");
  assert.equal(merged("u1 a1", "u1 a1", "u1 a1 u3 a3"), "u1 a1 u3 a3");
  assert.equal(merged("u1 a1", "u1 a1 u3 a3", "u1 a1 u2 a2"), "u1 a1 u2 a2 u3 a3");
  assert.equal(merged("", "u1", ""), "u1");
  assert.equal(merged("", "", "u1 a1"), "u1 a1");
});

Deno.test("mergeTurns() puts turns in the order in which they were asked", () => {
  const at = (text: string, createdAt: number) =>
    turns(text).map((message) => ({ ...message, createdAt }));
  const result = mergeTurns(new Set(), at("u1 a1", 1), at("u2 a2", 2));
  assert.deepEqual(result.map(({ id }) => id), ["u1", "a1", "u2", "a2"]);
});

Deno.test("mergeTurns() keeps an answer with its question", () => {
  assert.equal(merged("uA", "uA aA", "uA uB"), "uA aA uB");
  assert.equal(merged("uA", "uA uC", "uA aA"), "uA aA uC");
  assert.equal(merged("uA uB", "uA aA uB", "uA uB aB"), "uA aA uB aB");
});

Deno.test("mergeTurns() forgets what either tab removed", () => {
  assert.equal(merged("u1 a1 u2 a2", "u1 a1", "u1 a1 u2 a2"), "u1 a1");
  assert.equal(merged("u1 a1 u2 a2", "u1 a1 u2 a2", "u1 a1"), "u1 a1");
  assert.equal(merged("u1 a1 u2", "u1 a1", "u1 a1 u2 a2"), "u1 a1 a2");
});

Deno.test("mergeTurns() does not take a cut store for a removal", () => {
  assert.equal(
    merged("u1 a1 u2 a2", "u1 a1 u2 a2", "u2 a2 u3", { trimmed: true }),
    "u1 a1 u2 a2 u3",
  );
});

Deno.test("mergeTurns() takes an answer that came further", () => {
  const [ours] = turns("a1");
  assert(ours !== undefined);
  const cut: HistoryMessage = { ...ours, content: "half", status: "cut" };
  const whole: HistoryMessage = { ...ours, content: "half and half", status: "done" };
  const base = new Set(["a1"]);
  assert.deepEqual(mergeTurns(base, [cut], [whole]), [whole]);
  assert.deepEqual(mergeTurns(base, [whole], [cut]), [whole]);
});

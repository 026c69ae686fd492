import assert from "node:assert/strict";
import type { SnapshotMessage } from "../../../src/dartc/mod.ts";
import type { HistoryMessage } from "../../../src/runtime/mod.ts";
import { mergeSnapshot, type MergeSnapshotOptions } from "../../../src/runtime/merge_snapshot.ts";

/** `u1` is a question, `a1` an answer; `a1!` failed, `a1~` was cut. */
function local(text: string): HistoryMessage[] {
  return text.split(" ").filter((word) => word !== "").map((word) => {
    const id = word.replace(/[!~]/, "");
    return {
      id: `local-${id}`,
      role: id.startsWith("u") ? "user" : "assistant",
      content: word.endsWith("!") ? "" : id,
      status: word.endsWith("!") ? "error" : word.endsWith("~") ? "cut" : "done",
    };
  });
}

function remote(text: string): SnapshotMessage[] {
  return text.split(" ").filter((id) => id !== "").map((id) => ({
    id: `host-${id}`,
    role: id.startsWith("u") ? "user" : "assistant",
    content: id,
  }));
}

function merged(ours: string, theirs: string, options: Partial<MergeSnapshotOptions> = {}): string {
  const result = mergeSnapshot(local(ours), remote(theirs), { newId: () => "new", ...options });
  assert.equal(new Set(result.map(({ id }) => id)).size, result.length, "ids are unique");
  return result.map(({ id, content, status }) =>
    `${id.startsWith("local-") ? "=" : ""}${content === "" ? id : content}${
      status === "done" ? "" : status === "cut" ? "~" : "!"
    }`
  ).join(" ");
}

Deno.test("mergeSnapshot() gives what the Host remembers, under our ids where we know it", () => {
  assert.equal(merged("", "u1 a1"), "u1 a1");
  assert.equal(merged("u1 a1", "u1 a1 u2 a2"), "=u1 =a1 u2 a2");
  assert.equal(merged("u1 a1 u2 a2", "u1 a1 u3 a3"), "=u1 =a1 u3 a3");
  assert.equal(merged("u1 a1", "u2 a2"), "u2 a2");
});

Deno.test("mergeSnapshot() keeps the older turns of a snapshot that was cut", () => {
  assert.equal(merged("u1 a1 u2 a2", "u2 a2", { truncated: true }), "=u1 =a1 =u2 =a2");
  assert.equal(merged("u1 a1", "u7 a7", { truncated: true }), "=u1 =a1 u7 a7");
  assert.equal(merged("u1 a1 u2 a2", "u2 a2"), "=u2 =a2");
});

Deno.test("mergeSnapshot() keeps what the Host never got", () => {
  assert.equal(merged("u1 a1 u2", "u1 a1"), "=u1 =a1 =u2");
  assert.equal(merged("u1 a1 u2 a2", "u1 a1"), "=u1 =a1 =u2 =a2");
  assert.equal(merged("u1 a1!", ""), "=u1 =local-a1!");
});

Deno.test("mergeSnapshot() keeps questions that failed, with their failure, where they stood", () => {
  assert.equal(merged("u1 a1! u2 a2", "u2 a2"), "=u1 =local-a1! =u2 =a2");
  assert.equal(merged("u1 a1! u2 a2", "u1 u2 a2"), "=u1 =local-a1! =u2 =a2");
});

Deno.test("mergeSnapshot() keeps a question that is being answered", () => {
  const pinned = new Set(["local-u9"]);
  assert.equal(merged("u1 a1 u9", "u5 a5", { pinned }), "u5 a5 =u9");
  assert.equal(merged("u9", "u1 a1", { pinned }), "u1 a1 =u9");
});

Deno.test("mergeSnapshot() completes an answer that was cut here and is whole there", () => {
  const ours: HistoryMessage[] = [
    { id: "u", role: "user", content: "tell", status: "done" },
    {
      id: "a",
      role: "assistant",
      content: "once upon",
      status: "cut",
      error: { code: "x", message: "x" },
    },
  ];
  const options = { newId: () => "new" };
  const whole: SnapshotMessage[] = [
    { role: "user", content: "tell" },
    { role: "assistant", content: "once upon a time" },
  ];
  const [, answer] = mergeSnapshot(ours, whole, options);
  assert.deepEqual(answer, {
    id: "a",
    role: "assistant",
    content: "once upon a time",
    status: "done",
  });
  const same = mergeSnapshot(ours, [{ role: "user", content: "tell" }, {
    role: "assistant",
    content: "once",
  }], options);
  assert.equal(same[1]?.content, "once upon");
  assert.equal(same[1]?.status, "cut");
  const told = mergeSnapshot(ours, [{ role: "user", content: "tell" }, {
    role: "assistant",
    content: "once upon a",
    status: "cut",
  }], options);
  assert.equal(told[1]?.content, "once upon a");
  assert.equal(told[1]?.status, "cut");
});

Deno.test("mergeSnapshot() bears what a hostile Host sends, in time", () => {
  const many: SnapshotMessage[] = Array.from({ length: 10_000 }, () => ({
    id: "same",
    role: "user",
    content: "x",
  }));
  const ours = Array.from({ length: 5_000 }, (_, index): HistoryMessage => ({
    id: `${index}`,
    role: "assistant",
    content: "y",
    status: "done",
  }));
  let next = 0;
  const result = mergeSnapshot(ours, [...many, { role: "root", content: "z" }], {
    newId: () => `new-${next++}`,
  });
  assert.equal(result.length, 6_000, "the newest thousand, behind ours");
});

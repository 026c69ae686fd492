import assert from "node:assert/strict";
import { agoText, examples, timeText } from "../../../src/cli/output.ts";
import { textLine } from "../../../src/cli/read_logs.ts";
import { conversationOf } from "../../../src/cli/memory_store.ts";
import { originSettings } from "../../../src/cli/serve_origin.ts";

Deno.test("agoText: seconds, minutes, hours, days", () => {
  const cases = [[0, "0 s"], [59_000, "59 s"], [60_000, "1 min"], [7_200_000, "2 h"], [
    90_000_000,
    "1 d",
  ]] as const;
  for (const [ms, text] of cases) assert.equal(agoText(1_000, 1_000 + ms), text);
});

Deno.test("timeText: a moment in UTC, to the second", () => {
  assert.equal(timeText(0), "1970-01-01T00:00:00Z");
});

Deno.test("examples: one or more, as they are typed", () => {
  assert.equal(examples("list"), "\nExample:\n  gemmapod list");
  assert.equal(examples("a", "b"), "\nExamples:\n  gemmapod a\n  gemmapod b");
});

Deno.test("textLine: an event is one line, its ids are cut, what strangers wrote forges no other", () => {
  const line = textLine({
    id: 1,
    at: 0,
    kind: "error",
    podId: "pod",
    conversationId: "conversation-0123456789",
    peerId: "session-0123456789",
    detail: { message: "broken\nin two\u001b[2J", runs: 2 },
  });
  assert.equal(
    line,
    `1970-01-01T00:00:00Z  error      conversation=conver peer=sessio ` +
      `message="broken\\nin two\\u001b[2J" runs=2`,
  );
});

Deno.test("conversationOf: a whole id, or as much of it as only one has", () => {
  const memory = {
    podId: "pod",
    conversations: ["abc", "abcdef", "abd"].map((conversationId) => ({
      podId: "pod",
      conversationId,
      createdAt: 0,
      updatedAt: 0,
      messages: 1,
    })),
  };
  assert.equal(conversationOf(memory, "abc").conversationId, "abc");
  assert.equal(conversationOf(memory, "abcd").conversationId, "abcdef");
  assert.throws(() => conversationOf(memory, "ab"), { code: "ambiguous" });
  assert.throws(() => conversationOf(memory, "x"), { code: "no_conversation" });
});

Deno.test("originSettings: the older daemon's defaults, and its variables over them", () => {
  const at = (env: Record<string, string>) =>
    originSettings((name) => env[name] ?? (name === "GEMMAPOD_HOME" ? "/home" : undefined));
  assert.deepEqual(at({}), {
    podId: "raj-card",
    signalUrl: "ws://localhost:8080/signal",
    home: "/home/origin/raj-card",
    databasePath: "/home/origin.sqlite",
  });
  const set = at({ POD_ID: "mine", SIGNAL_URL: "https://b/signal", GEMMAPOD_ORIGIN_DB: "/x" });
  assert.deepEqual(set, {
    podId: "mine",
    signalUrl: "https://b/signal",
    home: "/home/origin/mine",
    databasePath: "/x",
  });
});

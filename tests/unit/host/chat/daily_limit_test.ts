import assert from "node:assert/strict";
import { checkDailyLimit, rowsForDailyLimit } from "../../../../src/host/chat/daily_limit.ts";
import type { StoredMessage } from "../../../../src/host/store/conversation_store.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

function row(row: number, more: Partial<StoredMessage> = {}): StoredMessage {
  return {
    row,
    id: `run-${row}:assistant`,
    role: "assistant",
    content: "An answer.",
    status: "done",
    createdAt: NOW - HOUR,
    superseded: false,
    ...more,
  };
}

Deno.test("the Host's answers of 24 hours count against the daily limit, replaced ones too", () => {
  const rows = [row(1), row(2, { superseded: true })];
  checkDailyLimit(3, rows, NOW);
  assert.throws(() => checkDailyLimit(2, rows, NOW), {
    code: "rate_limited",
    message: /2 answers of the day.*tomorrow/,
  });
});

Deno.test("questions, older answers, and what a page brought along do not count", () => {
  const rows = [
    row(1, { role: "user", id: "run-1:0" }),
    row(2, { id: "run-2:1" }),
    row(3, { createdAt: NOW - 24 * HOUR }),
  ];
  checkDailyLimit(1, rows, NOW);
});

Deno.test("more rows are looked at than a limit has answers", () => {
  assert.ok(rowsForDailyLimit(10) >= 20);
});

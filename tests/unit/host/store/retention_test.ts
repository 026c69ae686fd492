import assert from "node:assert/strict";
import { createLogger } from "../../../../src/base/mod.ts";
import { startRetention } from "../../../../src/host/store/retention.ts";

const DAY_MS = 86_400_000;

Deno.test("retention: what is older than the days is forgotten at once, and one failure harms no other", () => {
  const lines: string[] = [];
  const asked: number[] = [];
  const log = createLogger({ name: "host", write: (line) => lines.push(line) });
  using _retention = startRetention({
    days: 30,
    prune: [
      () => {
        throw new Error("the disk is locked");
      },
      (before) => asked.push(before) * 2,
      () => 0,
    ],
    log,
    now: () => 100 * DAY_MS,
  });
  assert.deepEqual(asked, [70 * DAY_MS]);
  assert.deepEqual(lines, [
    "[host] cannot forget what is too old: the disk is locked",
    "[host] forgot 2 older than 30 days",
  ]);
});

import assert from "node:assert/strict";
import { createLogger } from "../../../src/base/mod.ts";
import { limitedLog, LINES_PER_MINUTE } from "../../../src/signal/limited_log.ts";

function setUp(addresses: "logged" | "left_out" = "left_out") {
  const lines: string[] = [];
  const clock = { ms: 0 };
  let dropped = 0;
  const log = limitedLog(createLogger({ name: "signal", write: (line) => lines.push(line) }), {
    addresses,
    now: () => clock.ms,
    onDropped: () => dropped++,
  });
  return { log, lines, clock, dropped: () => dropped };
}

Deno.test("a flood of one event is cut, counted, and hides no other event", () => {
  const { log, lines, clock, dropped } = setUp();
  for (let i = 0; i < 100_000; i++) log.warn("over_limit", { limit: "x" });
  assert.equal(lines.length, LINES_PER_MINUTE);
  assert.equal(dropped(), 100_000 - LINES_PER_MINUTE);
  log.info("origin_left", { pod: "a" });
  assert.equal(lines.at(-1), "[signal] origin_left  pod=a");

  log.flush();
  assert.equal(lines.length, LINES_PER_MINUTE + 1);
  clock.ms = 60_000;
  log.flush();
  const count = 100_000 - LINES_PER_MINUTE;
  assert.equal(lines.at(-1), `[signal] log_dropped  of=over_limit lines=${count}`);
  log.warn("over_limit", { limit: "y" });
  assert.equal(lines.at(-1), "[signal] over_limit  limit=y");
});

Deno.test("the next minute's first line says what the last one left out", () => {
  const { log, lines, clock } = setUp();
  for (let i = 0; i <= LINES_PER_MINUTE; i++) log.info("x");
  clock.ms = 60_000;
  log.info("x");
  assert.deepEqual(lines.slice(-2), ["[signal] log_dropped  of=x lines=1", "[signal] x"]);
});

Deno.test("at the end it is said what was left out so far", () => {
  const { log, lines } = setUp();
  for (let i = 0; i <= LINES_PER_MINUTE; i++) log.info("x");
  log.flush("all");
  assert.equal(lines.at(-1), "[signal] log_dropped  of=x lines=1");
});

Deno.test("addresses are logged only where they are asked for", () => {
  for (
    const [addresses, line] of [
      ["left_out", "[signal] x  pod=a"],
      ["logged", "[signal] x  pod=a address=192.0.2.1"],
    ] as const
  ) {
    const { log, lines } = setUp(addresses);
    log.info("x", { address: "192.0.2.1", pod: "a" });
    assert.deepEqual(lines, [line]);
  }
});

Deno.test("a long text of a stranger's is cut", () => {
  const { log, lines } = setUp();
  log.info("x", { path: "a".repeat(100_000) });
  assert.equal(lines[0], `[signal] x  path=${"a".repeat(512)}…`);
});

import assert from "node:assert/strict";
import { createLogger, type LoggerOptions } from "../../../src/base/mod.ts";

function logged(options: Partial<LoggerOptions>, event: string, text?: string): string[] {
  const lines: string[] = [];
  const log = createLogger({ name: "host", write: (line) => lines.push(line), ...options });
  log.info(event, { pod: "a b", n: 1, missing: undefined }, text);
  return lines;
}

Deno.test("createLogger() writes name, event and fields on one line", () => {
  assert.deepEqual(logged({}, "peer_joined"), ['[host] peer_joined  pod="a b" n=1']);
});

Deno.test("createLogger() writes a promised line to the letter", () => {
  assert.deepEqual(logged({}, "registered", "registered for pod x"), [
    "[host] registered for pod x",
  ]);
});

Deno.test("createLogger() writes one JSON object a line for a collector", () => {
  assert.deepEqual(logged({ format: "json", now: () => 0 }, "peer_joined"), [
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","name":"host","event":"peer_joined","pod":"a b","n":1}',
  ]);
});

Deno.test("createLogger() drops what is quieter than its level", () => {
  assert.deepEqual(logged({ level: "warn" }, "peer_joined"), []);
});

Deno.test("createLogger() escapes what could forge a second line or move the cursor", () => {
  assert.deepEqual(logged({}, "x", "a\n[host] forged\u001b[2J\u2028"), [
    "[host] a\\u000a[host] forged\\u001b[2J\\u2028",
  ]);
});

Deno.test("createLogger() writes a promised line as the message of its JSON object", () => {
  const [line = ""] = logged({ format: "json" }, "listening", "listening on x");
  assert.equal(JSON.parse(line).message, "listening on x");
});

Deno.test("createLogger() writes JSON that no terminal obeys, and that says what it said", () => {
  const lines: string[] = [];
  const log = createLogger({ name: "host", format: "json", write: (line) => lines.push(line) });
  const hostile = 'a\n{"level":"error"}\u009b2J\u202e\u2028\u007f"';
  log.info("x", { pod: hostile });
  const [line = ""] = lines;
  assert.match(line, /^[\u0020-\u007e]*$/);
  assert.equal(JSON.parse(line).pod, hostile);
});

import assert from "node:assert/strict";
import { createLogger } from "../../../src/base/mod.ts";
import { surviveDefects } from "../../../src/signal/survive_defects.ts";

function setUp() {
  const lines: string[] = [];
  const process = new EventTarget();
  surviveDefects(createLogger({ name: "signal", write: (line) => lines.push(line) }), process);
  return { lines, process };
}

Deno.test("what nobody expected is logged by its place, without a client's words, and survived", () => {
  const { lines, process } = setUp();
  const reason = new SyntaxError("secret is not JSON\n    at secret");
  const promise = Promise.resolve();
  const events = [
    new PromiseRejectionEvent("unhandledrejection", { promise, reason, cancelable: true }),
    new ErrorEvent("error", { error: new TypeError("secret"), cancelable: true }),
  ];
  for (const event of events) {
    process.dispatchEvent(event);
    assert(event.defaultPrevented);
  }
  assert.match(
    lines[0] ?? "",
    /^\[signal\] unexpected {2}error=SyntaxError where=".*survive_defects/,
  );
  assert(!lines.some((line) => line.includes("secret")));
  assert.match(
    lines[1] ?? "",
    /^\[signal\] unexpected {2}error=TypeError where=".*survive_defects/,
  );
});

Deno.test("something that is no error is survived, too", () => {
  const { lines, process } = setUp();
  const options = { promise: Promise.resolve(), reason: "secret", cancelable: true };
  process.dispatchEvent(new PromiseRejectionEvent("unhandledrejection", options));
  assert.deepEqual(lines, ["[signal] unexpected  error=string"]);
});

import assert from "node:assert/strict";
import { surviveUncaught } from "../../../src/base/native.ts";

function rejection(reason: unknown): Event {
  const promise = Promise.resolve();
  return new PromiseRejectionEvent("unhandledrejection", { promise, reason, cancelable: true });
}

Deno.test("surviveUncaught tells what nobody waited for, and keeps the process going until it ends", () => {
  const process = new EventTarget();
  const told: unknown[] = [];
  const reason = new Error("rejected");
  const error = new Error("thrown");
  const events = [
    rejection(reason),
    new ErrorEvent("error", { error, message: "Uncaught", cancelable: true }),
    new ErrorEvent("error", { message: "of another realm", cancelable: true }),
  ];
  {
    using _surviving = surviveUncaught((thrown) => told.push(thrown), process);
    for (const event of events) process.dispatchEvent(event);
  }
  assert(events.every(({ defaultPrevented }) => defaultPrevented));
  assert.deepEqual(told, [reason, error, "of another realm"]);

  const afterwards = rejection(reason);
  process.dispatchEvent(afterwards);
  assert(!afterwards.defaultPrevented);
  assert.equal(told.length, 3);
});

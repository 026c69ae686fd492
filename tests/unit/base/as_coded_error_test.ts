import assert from "node:assert/strict";
import { asCodedError, CodedError } from "../../../src/base/mod.ts";

Deno.test("asCodedError() leaves a CodedError as it is", () => {
  const error = new CodedError("bad_key", "Cannot read the key");
  assert.equal(asCodedError(error, "other"), error);
});

Deno.test("asCodedError() gives anything else a code, and keeps it as the cause", () => {
  const thrown = new TypeError("no such thing");
  const error = asCodedError(thrown, "chat_failed");
  assert.deepEqual([error.code, error.message, error.cause], [
    "chat_failed",
    "no such thing",
    thrown,
  ]);
  assert.equal(asCodedError("text", "x", "Cannot go on").message, "Cannot go on");
});

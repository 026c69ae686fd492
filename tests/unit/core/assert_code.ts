import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";

/** Asserts that `run` throws a `CodedError` with this code. */
export function assertCode(code: string, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof CodedError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

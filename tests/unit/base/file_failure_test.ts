import assert from "node:assert/strict";
import { fileFailure, whyNoFile } from "../../../src/base/native.ts";

/** An error as Deno throws it. */
function failed(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("what fails at a file is said in plain words, with the file", () => {
  for (
    const [code, message, said] of [
      ["EISDIR", "Is a directory (os error 21): rename '.x.tmp' -> 'page.html'", /it is a folder/],
      ["ENOTDIR", "ENOTDIR: not a directory, open 'a/b'", /a part of its path is a file/],
      ["EACCES", "Permission denied (os error 13): readfile '/root/x'", /permission denied/],
      ["ENOSPC", "No space left on device (os error 28): writefile '/dev/full'", /no space/],
    ] as const
  ) {
    assert.match(whyNoFile(failed(code, message)) ?? "", said);
    assert.match(fileFailure(failed(code, message)) ?? "", /^Cannot use \S+: /);
  }
  assert.match(
    fileFailure(failed("ENOTDIR", "ENOTDIR: not a directory, open 'a/b'")) ?? "",
    /^Cannot use a\/b: /,
  );
});

Deno.test("what is no failure of a file keeps its own words", () => {
  for (
    const error of [
      new Error("it broke"),
      failed("ERR_SQLITE_ERROR", "file is not a database 'x'"),
      failed("toString", "odd 'x'"),
      "text",
      undefined,
    ]
  ) {
    assert.equal(whyNoFile(error), undefined);
    assert.equal(fileFailure(error), undefined);
  }
  assert.equal(fileFailure(failed("ENOSPC", "No space left on device (os error 28)")), undefined);
});

import assert from "node:assert/strict";
import { CodedError } from "../../../src/base/mod.ts";
import { applyJsonPatch } from "../../../src/dartc/json_patch.ts";
import { assertHolds, patchCases } from "./json_patch_cases.ts";

for (const [name, cases] of Object.entries(patchCases())) {
  Deno.test(`applyJsonPatch() does what every case of ${name}.json says`, () => {
    assertHolds(cases, applyJsonPatch);
  });
}

Deno.test("applyJsonPatch() reaches no prototype by any path", () => {
  const document = JSON.parse('{"a":{},"list":[1]}');
  for (
    const path of [
      "/__proto__/polluted",
      "/constructor/prototype/polluted",
      "/a/constructor/polluted",
      "/a/prototype/polluted",
      "/toString/polluted",
      "/a/hasOwnProperty/polluted",
      "/list/push/polluted",
      "/list/length",
    ]
  ) {
    for (const op of ["add", "replace", "test"]) {
      assert.throws(
        () => applyJsonPatch(document, [{ op, path, value: true }]),
        { code: "bad_patch" },
        `${op} ${path}`,
      );
    }
    for (const op of ["move", "copy"]) {
      for (const [from, to] of [[path, "/a/b"], ["/a", path]]) {
        assert.throws(
          () => applyJsonPatch(document, [{ op, from, path: to }]),
          { code: "bad_patch" },
          `${op} ${from} ${to}`,
        );
      }
    }
  }
  assert.equal(Reflect.get({}, "polluted"), undefined);
  assert.equal(Reflect.get(Object.prototype.toString, "polluted"), undefined);
  assert.throws(() => applyJsonPatch({}, [{ op: "copy", from: "/toString", path: "/x" }]));
});

Deno.test("applyJsonPatch() refuses to move a value into itself", () => {
  assert.throws(
    () => applyJsonPatch({ a: { b: 1 } }, [{ op: "move", from: "/a", path: "/a/b" }]),
    CodedError,
  );
});

Deno.test("applyJsonPatch() checks the place of a move after the removal", () => {
  const move = (path: string) => applyJsonPatch([1, 2, 3], [{ op: "move", from: "/0", path }]);
  assert.deepEqual(move("/2"), [2, 3, 1]);
  assert.throws(() => move("/3"), { code: "bad_patch" });
});

Deno.test("applyJsonPatch() says what failed without the document", () => {
  const secret = "x".repeat(1000);
  assert.throws(
    () => applyJsonPatch({ secret, n: 1 }, [{ op: "test", path: "/n", value: 2 }]),
    (error: Error) => !error.message.includes(secret) && error.message.includes("test /n"),
  );
});

Deno.test("applyJsonPatch() refuses a patch that doubles the document again and again", () => {
  const doubling = Array.from({ length: 64 }, (_, index) => ({
    op: "copy",
    from: "",
    path: `/${index}`,
  }));
  assert.throws(() => applyJsonPatch({ a: "x".repeat(1000) }, doubling), { code: "bad_patch" });
  const few = doubling.slice(0, 3);
  assert.deepEqual(Object.keys(Object(applyJsonPatch({ a: 1 }, few))), ["0", "1", "2", "a"]);
});

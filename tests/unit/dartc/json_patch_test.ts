import assert from "node:assert/strict";
import { applyPatch, type Operation } from "fast-json-patch/module/core.mjs";
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

Deno.test("applyJsonPatch() refuses whatever the library's own checks refuse, and else does the same", () => {
  const document = { a: { b: 1, "": 2, "c/d": 3 }, list: [1, { x: null }], n: 0, none: null };
  const places = [
    ...[
      "",
      "/",
      "/a",
      "/a/b",
      "/a/",
      "/a/c~1d",
      "/a/new",
      "/a/-",
      "/n",
      "/n/x",
      "/none",
      "/none/x",
    ],
    ...["/list", "/list/0", "/list/1", "/list/1/x", "/list/2", "/list/3", "/list/-", "/list/-/x"],
    ...["/list/01", "/list/-1", "/list/1e0", "/list/length", "/list/", "/missing", "/missing/x"],
    ...["a", "a/b", "/__proto__", "/a/__proto__/x", "/constructor/prototype/x", "/toString"],
  ];
  const values: readonly unknown[] = [1, null, { b: 1, "": 2, "c/d": 3 }, [1, { x: null }], {
    hasOwnProperty: 1,
  }];
  const operations = places.flatMap((path): Operation[] => [
    { op: "remove", path },
    ...values.flatMap((value): Operation[] => [
      { op: "add", path, value },
      { op: "replace", path, value },
      { op: "test", path, value },
    ]),
    ...places.flatMap((from): Operation[] => [
      { op: "move", from, path },
      { op: "copy", from, path },
    ]),
  ]);
  let done = 0;
  for (const operation of operations) {
    const label = JSON.stringify(operation);
    let result: unknown;
    try {
      result = applyJsonPatch(document, [operation]);
    } catch (error) {
      assert.ok(error instanceof CodedError && error.code === "bad_patch", label);
      continue;
    }
    done++;
    const copy = structuredClone(operation);
    const { newDocument } = applyPatch(structuredClone<unknown>(document), [copy], true);
    assert.deepEqual(result, newDocument, label);
  }
  assert.ok(done > 200 && done < operations.length, `${done} of ${operations.length}`);
});

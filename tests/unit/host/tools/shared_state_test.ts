import assert from "node:assert/strict";
import { changeState, MAX_STATE_BYTES } from "../../../../src/host/tools/shared_state.ts";
import { fc } from "../../../libraries/fast_check.ts";

Deno.test("changeState: a first change goes out as a snapshot, a later patch as a delta", () => {
  const delta = [{ op: "add", path: "/cart", value: ["tea"] }];
  assert.deepEqual(changeState(undefined, { delta }), {
    state: { cart: ["tea"] },
    event: { type: "STATE_SNAPSHOT", snapshot: { cart: ["tea"] } },
  });
  assert.deepEqual(changeState({}, { delta }), {
    state: { cart: ["tea"] },
    event: { type: "STATE_DELTA", delta },
  });
  assert.deepEqual(changeState({ a: 1 }, { snapshot: [1] }).event, {
    type: "STATE_SNAPSHOT",
    snapshot: [1],
  });
});

Deno.test("changeState: a patch that fails in the middle has done nothing", () => {
  const before = { a: 1 };
  const delta = [{ op: "add", path: "/b", value: 2 }, { op: "remove", path: "/nothing" }];
  assert.throws(() => changeState(before, { delta }), { code: "bad_patch" });
  assert.deepEqual(before, { a: 1 });
});

Deno.test("changeState: no pointer leads to a prototype", () => {
  for (const step of ["__proto__", "constructor", "prototype"]) {
    const delta = [{ op: "add", path: `/${step}`, value: { polluted: true } }];
    assert.throws(() => changeState({}, { delta }), { code: "bad_patch" });
  }
  assert.equal("polluted" in {}, false);
});

Deno.test("changeState: a state that does not fit a frame, or nests too deep, is refused", () => {
  const text = "x".repeat(MAX_STATE_BYTES);
  assert.throws(() => changeState({}, { snapshot: { text } }), { code: "bad_state" });
  const deep = JSON.parse("[".repeat(70) + "]".repeat(70));
  assert.throws(() => changeState({}, { snapshot: deep }), { code: "bad_state" });
  const twice = [
    { op: "copy", from: "/a", path: "/b" },
    ...Array.from({ length: 300 }, () => ({ op: "test", path: "/a", value: 1 })),
  ];
  assert.throws(() => changeState({ a: 1 }, { delta: twice }), { code: "bad_patch" });
});

Deno.test("changeState: whatever a model asks for, the state stays as it was or becomes JSON", () => {
  const operation = fc.record({
    op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
    path: fc.constantFrom("", "/", "/a", "/a/-", "/a/0", "/b/c", "/a/~1", "x", "/length"),
    from: fc.constantFrom("", "/a", "/b", "/a/0"),
    value: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(operation, { maxLength: 6 }), (before, delta) => {
      const text = JSON.stringify(before);
      try {
        const { state } = changeState(before, { delta });
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      } catch (error) {
        assert.ok(error instanceof Error && "code" in error, `${error}`);
      }
      assert.equal(JSON.stringify(before), text);
    }),
    { numRuns: Number(Deno.env.get("FUZZ_RUNS") ?? 500) },
  );
});

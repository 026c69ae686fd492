import assert from "node:assert/strict";
import { createStateStore } from "../../../src/runtime/state_store.ts";

function store() {
  const changes: unknown[] = [];
  const errors: string[] = [];
  const state = createStateStore({
    onChange: (value) => changes.push(value),
    onError: ({ code }) => errors.push(code),
  });
  return { state, changes, errors };
}

Deno.test("get() gives copies, by pointer; undefined where nothing is", async () => {
  const { state } = store();
  assert.deepEqual(state.get(), {});
  await state.replace({ cart: { items: [{ "a/b": 1 }] } });
  assert.equal(state.get("/cart/items/0/a~1b"), 1);
  assert.equal(state.get("/cart/nothing/here"), undefined);
  assert.equal(state.get("/cart/toString"), undefined);
  state.get<{ items: unknown[] }>("/cart").items.push("mine");
  assert.deepEqual(state.get("/cart/items"), [{ "a/b": 1 }]);
});

Deno.test("set() creates and replaces; a list's entry is replaced, not pushed aside", async () => {
  const { state, changes } = store();
  await state.set("/list", [1, 2]);
  await state.set("/list/0", "one");
  await state.set("/list/-", 3);
  assert.deepEqual(state.get(), { list: ["one", 2, 3] });
  await state.set("", { other: true });
  assert.deepEqual(state.get(), { other: true });
  assert.equal(changes.length, 4);
});

Deno.test("a patch that fails half-way leaves the state as it was, and says so", async () => {
  const { state, changes, errors } = store();
  await state.replace({ a: 1 });
  await assert.rejects(
    state.apply([{ op: "add", path: "/b", value: 2 }, { op: "test", path: "/a", value: 9 }]),
    { code: "bad_patch" },
  );
  assert.deepEqual(state.get(), { a: 1 });
  assert.deepEqual(errors, ["bad_patch"]);
  assert.equal(changes.length, 1);
});

Deno.test("what is not JSON is refused", async () => {
  const { state, errors } = store();
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  await assert.rejects(state.replace(loop), { code: "bad_state" });
  assert.deepEqual(state.get(), {});
  assert.deepEqual(errors, ["bad_state"]);
});

Deno.test("a state that grows without an end is refused at a size", async () => {
  const { state } = store();
  await state.replace({ text: "x".repeat(4_000_000) });
  const more = [{ op: "add", path: "/more", value: "x".repeat(400_000) }];
  await assert.rejects(state.apply(more), { code: "bad_state" });
  assert.equal(state.get("/more"), undefined);
});

Deno.test("subscribers hear each state until they stop, and one that throws hurts nobody", async () => {
  const { state, errors } = store();
  const heard: unknown[] = [];
  state.subscribe(() => {
    throw new Error("mine");
  });
  const stop = state.subscribe((value) => heard.push(value));
  await state.replace({ n: 1 });
  stop();
  await state.replace({ n: 2 });
  assert.deepEqual(heard, [{ n: 1 }]);
  assert.deepEqual(errors, ["handler_failed", "handler_failed"]);
});

Deno.test("a change is there when the method returns, so that deltas in a row add up", () => {
  const { state } = store();
  void state.replace({ n: [] });
  void state.apply([{ op: "add", path: "/n/-", value: 1 }]);
  void state.apply([{ op: "add", path: "/n/-", value: 2 }]);
  assert.deepEqual(state.get("/n"), [1, 2]);
});

Deno.test("nobody hears an older state after a newer one, also where a subscriber changes it", async () => {
  const { state, changes } = store();
  const heard: unknown[] = [];
  state.subscribe(() => {
    if (state.get("/total") === undefined) void state.set("/total", 2);
  });
  state.subscribe((value) => heard.push(value));
  await state.replace({ cart: 1 });
  assert.deepEqual(heard, [{ cart: 1 }, { cart: 1, total: 2 }]);
  assert.deepEqual(changes, heard);
});

Deno.test("no step of a path reaches a prototype, by any method", async () => {
  const { state } = store();
  const value = { polluted: true };
  for (const path of ["/__proto__", "/__proto__/polluted", "/constructor", "/a/prototype/x"]) {
    assert.throws(() => state.get(path), { code: "bad_patch" }, path);
    await assert.rejects(state.set(path, value), { code: "bad_patch" }, path);
    await assert.rejects(state.apply([{ op: "add", path, value }]), { code: "bad_patch" }, path);
  }
  await state.replace(JSON.parse('{"__proto__":{"polluted":true},"a":{}}'));
  await state.apply([{
    op: "add",
    path: "/a/b",
    value: JSON.parse('{"__proto__":{"polluted":1}}'),
  }]);
  for (const seen of [{}, state.get<object>("/a"), state.get<object>()]) {
    assert.equal("polluted" in seen, false);
  }
});

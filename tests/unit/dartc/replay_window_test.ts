import assert from "node:assert/strict";
import { ReplayWindow } from "../../../src/dartc/replay_window.ts";

Deno.test("ReplayWindow admits an id once, while it is among the last ones", () => {
  const window = new ReplayWindow(3);
  for (const id of ["1", "2", "3"]) assert.equal(window.admit(id), true);
  for (const id of ["1", "2", "3"]) assert.equal(window.admit(id), false);
  assert.equal(window.admit("4"), true);
  assert.equal(window.admit("1"), true, "the oldest was forgotten");
  assert.equal(window.admit("3"), false);
});

Deno.test("ReplayWindow tells long ids apart, and keeps them short", () => {
  const window = new ReplayWindow(10);
  const long = (end: string) => "x".repeat(10_000) + end;
  assert.equal(window.admit(long("a")), true);
  assert.equal(window.admit(long("b")), true);
  assert.equal(window.admit(long("a")), false);
  assert.equal(window.admit(""), true);
  assert.equal(window.admit(""), false);
});

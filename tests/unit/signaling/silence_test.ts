import assert from "node:assert/strict";
import { Silence } from "../../../src/signaling/mod.ts";

Deno.test("Silence asks after 25 s without a word, and once", () => {
  const silence = new Silence(0);
  assert.equal(silence.check(24_999), "wait");
  assert.equal(silence.check(25_000), "ping");
  assert.equal(silence.check(25_001), "wait");
});

Deno.test("Silence gives up a peer that knows ping after 60 s without a word", () => {
  const silence = new Silence(0);
  silence.peerKnows();
  assert.equal(silence.check(25_000), "ping");
  assert.equal(silence.check(59_999), "wait");
  assert.equal(silence.check(60_000), "gone");
});

Deno.test("Silence never gives up a peer that has not shown that it knows ping", () => {
  const silence = new Silence(0);
  assert.equal(silence.check(25_000), "ping");
  assert.equal(silence.check(50_000), "ping", "asked again, which keeps the path open");
  assert.notEqual(silence.check(3_600_000), "gone");
});

Deno.test("Silence stops asking a peer that answered a ping with an error", () => {
  const silence = new Silence(0);
  assert.equal(silence.check(25_000), "ping");
  assert(silence.askingStranger);
  silence.heard(25_010);
  silence.peerRefuses();
  assert.equal(silence.check(3_600_000), "wait");
});

Deno.test("Silence starts over with every word", () => {
  const silence = new Silence(0);
  silence.peerKnows();
  assert.equal(silence.check(25_000), "ping");
  silence.heard(50_000);
  assert.equal(silence.check(74_999), "wait");
  assert.equal(silence.check(75_000), "ping");
});

Deno.test("Silence asks first after a machine has slept, and gives up later", () => {
  const silence = new Silence(0);
  silence.peerKnows();
  assert.equal(silence.check(8 * 3_600_000), "ping");
  assert.equal(silence.check(8 * 3_600_000 + 35_000), "gone");
});

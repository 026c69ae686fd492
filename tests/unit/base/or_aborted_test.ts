import assert from "node:assert/strict";
import { orAborted } from "../../../src/base/mod.ts";

Deno.test("orAborted() gives what the promise gives, with a signal or without", async () => {
  const { signal } = new AbortController();
  assert.equal(await orAborted(Promise.resolve(1), signal), 1);
  assert.equal(await orAborted(Promise.resolve(1), undefined), 1);
  await assert.rejects(orAborted(Promise.reject(new Error("no")), signal), /no/);
});

Deno.test("orAborted() rejects with the signal's reason, and hands over what came too late", async () => {
  const controller = new AbortController();
  const late: number[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  const waiting = orAborted(promise, controller.signal, (value) => late.push(value));
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  assert.deepEqual(late, []);
  resolve(7);
  await promise;
  assert.deepEqual(late, [7]);
});

Deno.test("orAborted() rejects at once where the signal was aborted before", async () => {
  const never = new Promise<never>(() => {});
  await assert.rejects(orAborted(never, AbortSignal.abort(new Error("before"))), /before/);
});

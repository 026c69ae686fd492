import assert from "node:assert/strict";
import { MAX_THREADS, ThreadCache } from "../../../../web/dashboard/model/thread_cache.ts";
import { said } from "./events.ts";

Deno.test("the conversations used last are kept, and the one that is looked at always", () => {
  const cache = new ThreadCache();
  const open = cache.open = cache.get("pod", "open");
  for (let i = 0; i < MAX_THREADS * 2; i++) {
    cache.apply(said({ type: "user", content: "x", conversationId: `c${i}` }));
  }
  assert.equal(cache.peek("pod", "open"), open);
  assert.equal(cache.peek("pod", "c0"), undefined);
  assert.ok(cache.peek("pod", `c${MAX_THREADS * 2 - 1}`));
});

Deno.test("a conversation that is new is told once", () => {
  const cache = new ThreadCache();
  let told = 0;
  cache.changes.subscribe(() => told++);
  cache.apply(said({ type: "user", content: "x" }));
  cache.apply(said({ type: "assistant", content: "y", status: "done" }));
  assert.equal(told, 1);
});

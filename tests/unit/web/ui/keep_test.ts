import assert from "node:assert/strict";
import { kept } from "../../../../web/ui/keep.ts";

/** A storage in memory; `room` is how many characters it takes. */
function storage(room = Infinity): Storage {
  const items = new Map<string, string>();
  const fake = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > room) throw new DOMException("", "QuotaExceededError");
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
  };
  return fake as Storage; // what is asked of it is there
}

Deno.test("a kept text is there again, and an empty one is forgotten", () => {
  const shelf = storage();
  const draft = kept("a", () => shelf);
  assert.equal(draft.read(), "");
  draft.write("Half a ques");
  assert.equal(kept("a", () => shelf).read(), "Half a ques");
  draft.write("");
  assert.equal(shelf.getItem("a"), null);
});

Deno.test("a text that is too long is not kept, and neither is the one before", () => {
  const shelf = storage();
  const draft = kept("a", () => shelf);
  draft.write("short");
  draft.write("x".repeat(20_001));
  assert.equal(draft.read(), "");
});

Deno.test("a storage that is blocked or full is survived", () => {
  const blocked = kept("a", () => {
    throw new DOMException("", "SecurityError");
  });
  blocked.write("text");
  assert.equal(blocked.read(), "");
  const shelf = storage(3);
  const full = kept("a", () => shelf);
  full.write("text");
  assert.equal(full.read(), "");
});

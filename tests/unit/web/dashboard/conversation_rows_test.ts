import assert from "node:assert/strict";
import { conversationRows, MAX_ROWS } from "../../../../web/dashboard/model/conversation_rows.ts";

const never = () => 0;

Deno.test("who is here comes first, with what is remembered of the conversation", () => {
  const rows = conversationRows(
    [
      { id: "p1", conversationId: "a", connectedAt: 5 },
      { id: "p2", conversationId: "a", connectedAt: 6 },
      { id: "p3" },
    ],
    [
      { conversationId: "b", createdAt: 0, updatedAt: 9, messages: 4 },
      { conversationId: "a", createdAt: 0, updatedAt: 3, messages: 2 },
      { conversationId: "local:x", createdAt: 0, updatedAt: 3, messages: 2 },
    ],
    never,
  );
  assert.deepEqual(
    rows.here.map((
      { conversationId, visitors, remembered, at },
    ) => [conversationId, visitors.length, remembered, at]),
    [["a", 2, 2, 6]],
  );
  assert.deepEqual(rows.away.map(({ conversationId }) => conversationId), ["b"]);
  assert.equal(rows.arriving, 1);
});

Deno.test("the newest conversations are listed, and the others are counted", () => {
  const stored = Array.from({ length: MAX_ROWS + 5 }, (_, i) => ({
    conversationId: `c${i}`,
    createdAt: 0,
    updatedAt: i,
    messages: 1,
  }));
  const { away, more } = conversationRows([], stored, (id) => id === "c0" ? 9_999 : 0);
  assert.equal(away.length, MAX_ROWS);
  assert.equal(away[0]?.conversationId, "c0");
  assert.equal(more, 5);
});

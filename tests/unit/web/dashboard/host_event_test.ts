import assert from "node:assert/strict";
import { parseHostEvent } from "../../../../web/dashboard/api/host_event.ts";

Deno.test("what is no event of the Host's is no event", () => {
  for (const data of ["", "{", "null", "[]", `{"scope":"host"}`, `{"scope":"x","event":{}}`]) {
    assert.equal(parseHostEvent(data), undefined, data);
  }
});

Deno.test("an event whose members are wrong is one that is not known", () => {
  const data = JSON.stringify({
    scope: "pod",
    podId: "p",
    event: { id: 1, timestamp: 2, type: "pod_error", message: 7 },
  });
  assert.deepEqual(parseHostEvent(data)?.event, {
    id: 1,
    timestamp: 2,
    type: "other",
    name: "pod_error",
  });
});

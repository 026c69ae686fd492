import assert from "node:assert/strict";
import { Coalesced } from "../../../../web/dashboard/model/coalesced.ts";

Deno.test("many requests at once are two times: the first, and one for all that came meanwhile", async () => {
  let times = 0;
  const twice = Promise.withResolvers<void>();
  const soon = new Coalesced(() => {
    if (++times === 2) twice.resolve();
    return Promise.resolve();
  }, 0);
  for (let i = 0; i < 1_000; i++) soon.request();
  assert.equal(times, 1);
  await twice.promise;
  soon.dispose();
  soon.request();
  assert.equal(times, 2);
});

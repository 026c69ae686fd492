import assert from "node:assert/strict";
import { openVisitorReady } from "./open_visitor.ts";

Deno.test("VisitorSession.cancel() asks only a Host that understands it", async () => {
  const old = await openVisitorReady();
  const id = old.visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  assert.equal(old.visitor.cancel(id), false);
  const newer = await openVisitorReady({}, { features: ["chat.cancel"] });
  assert.equal(newer.visitor.cancel("unknown"), false);
  const requestId = newer.visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  assert.equal(newer.visitor.cancel(requestId), true);
  assert.deepEqual(newer.frames().at(-1)?.payload, { request_id: requestId });
});

Deno.test("VisitorSession waits no longer for what it cancelled at a Host that cannot be asked", async () => {
  const { visitor, host, channel, events } = await openVisitorReady();
  const ids = Array.from(
    { length: 100 },
    () => {
      const id = visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
      visitor.cancel(id);
      return id;
    },
  );
  const before = events.length;
  for (const request_id of ids.slice(0, 3)) {
    channel.send(await host.text("gemmapod.chat.delta", { request_id, delta: "late" }));
    channel.send(await host.text("gemmapod.chat.done", { request_id }));
  }
  assert.equal(events.length, before);
  assert.equal(visitor.state, "ready");
});

import assert from "node:assert/strict";
import { HostApi } from "../../../../web/dashboard/api/host_api.ts";
import { PodWatch } from "../../../../web/dashboard/model/pod_watch.ts";

/** A watch of a Host that gives these answers, once it has its lists. */
async function loadedWatch(conversations: unknown): Promise<PodWatch> {
  const answers: Record<string, unknown> = {
    "/auth": { token: "t" },
    "/api/v1/pods/p/peers": { peers: [] },
    "/api/v1/pods/p/conversations": conversations,
  };
  const fetch = (input: URL | RequestInfo) =>
    Promise.resolve(Response.json(answers[String(input)]));
  const watch = new PodWatch("p", new HostApi({ fetch }));
  const { promise: loaded, resolve } = Promise.withResolvers<void>();
  watch.changes.subscribe(resolve);
  watch.refresh();
  await loaded;
  watch.dispose();
  return watch;
}

const conversation = { conversationId: "c", createdAt: 1, updatedAt: 2, messages: 1 };

Deno.test("PodWatch: of many conversations the newest are here, and how many older ones there are", async () => {
  const watch = await loadedWatch({ conversations: [conversation], total: 20_000 });
  assert.deepEqual([watch.conversations.length, watch.unlisted], [1, 19_999]);
  assert.equal((await loadedWatch({ conversations: [conversation], total: 1 })).unlisted, 0);
  assert.equal((await loadedWatch({ conversations: [conversation] })).unlisted, 0); // an older Host
});

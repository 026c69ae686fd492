import assert from "node:assert/strict";
import { EventHub, type StreamScope } from "../../../../src/host/api/event_hub.ts";
import { EventBus, type NewHostEvent } from "../../../../src/host/event_bus.ts";
import { fakeApi } from "./fake_host.ts";

const running = (podId: string): NewHostEvent => (
  { scope: "pod", podId, event: { type: "pod_running" } }
);
const asked = (podId: string, peerId: string, content = "?"): NewHostEvent => ({
  scope: "conversation",
  podId,
  peerId,
  event: { type: "user", conversationId: "c", content },
});

/** Reads a stream until `count` events are there. */
async function read(stream: ReadableStream<Uint8Array>, count: number) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const ids = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  while (ids().length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  const data = [...text.matchAll(/^data: ([^\n]*)\n/gm)].map(([, json]) => JSON.parse(json ?? ""));
  return { text, ids: ids(), data };
}

/** The ids that a stream of a scope has of five different events. */
async function idsOf(scope: StreamScope, count: number) {
  const bus = new EventBus();
  using hub = new EventHub(bus);
  const stream = hub.open(scope);
  bus.emit({ scope: "host", event: { type: "provider_up", url: "x" } });
  bus.emit(running("a"));
  bus.emit(running("b"));
  bus.emit(asked("a", "p"));
  bus.emit(asked("a", "q"));
  bus.emit({ scope: "pod", podId: "a", event: { type: "peer_left", peerId: "p" } });
  const { ids } = await read(stream, count);
  await stream.cancel();
  return ids;
}

Deno.test("the event stream: a host's has all, a pod's its own, a peer's its own", async () => {
  assert.deepEqual(await idsOf({}, 6), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(await idsOf({ podId: "a" }, 4), [2, 4, 5, 6]);
  assert.deepEqual(await idsOf({ podId: "a", peerId: "p" }, 2), [4, 6]);
});

Deno.test("the event stream: an event is the JSON of host.md, its id is the stream's", async () => {
  const bus = new EventBus({ now: () => 42 });
  using hub = new EventHub(bus);
  const stream = hub.open({});
  bus.emit(asked("a", "p", "line\nbreak\r\n\u2028"));
  const { text, data } = await read(stream, 1);
  assert.deepEqual(data, [{
    scope: "conversation",
    podId: "a",
    peerId: "p",
    event: {
      type: "user",
      conversationId: "c",
      content: "line\nbreak\r\n\u2028",
      id: 1,
      timestamp: 42,
    },
  }]);
  assert.match(text, /^retry: \d+\n\nid: 1\ndata: [^\n]*\n\n$/);
  await stream.cancel();
});

Deno.test("the event stream: Last-Event-ID resumes with what came after it", async () => {
  const bus = new EventBus();
  using hub = new EventHub(bus);
  const first = hub.open({});
  for (let i = 0; i < 5; i++) bus.emit(running("a"));
  await read(first, 2);
  await first.cancel();
  bus.emit(running("b"));
  const again = hub.open({}, 2);
  assert.deepEqual((await read(again, 4)).ids, [3, 4, 5, 6]);
  const ofPod = hub.open({ podId: "b" }, 2);
  assert.deepEqual((await read(ofPod, 1)).ids, [6]);
  const anew = hub.open({});
  bus.emit(running("a"));
  assert.deepEqual((await read(anew, 1)).ids, [7]);
  for (const stream of [again, ofPod, anew]) await stream.cancel();
});

Deno.test("the event stream: a slow reader loses the oldest, at 1,000, and is told", async () => {
  const bus = new EventBus();
  using hub = new EventHub(bus);
  const slow = hub.open({});
  for (let i = 0; i < 3_000; i++) bus.emit(running("a"));
  const { ids, text } = await read(slow, 1_000);
  assert.deepEqual([ids[0], ids.at(-1), ids.length], [2_001, 3_000, 1_000]);
  assert.match(text, /^: 2000 events were left out$/m);
  await slow.cancel();
});

Deno.test("the event stream: what waits is bounded in its size, too", async () => {
  const bus = new EventBus();
  using hub = new EventHub(bus);
  const slow = hub.open({});
  const long = "x".repeat(1024 * 1024);
  for (let i = 0; i < 100; i++) bus.emit(asked("a", "p", long));
  bus.emit(running("a"));
  const { ids } = await read(slow, 8);
  assert.deepEqual([ids.at(-1), ids.length], [101, 8]);
  await slow.cancel();
});

Deno.test("the event stream: a quiet line beats, and an end comes behind what waits", async () => {
  const bus = new EventBus();
  using hub = new EventHub(bus, { beatEveryMs: 1 });
  const stream = hub.open({});
  const reader = stream.getReader();
  let text = "";
  while (!text.includes(": ping\n\n")) {
    text += new TextDecoder().decode((await reader.read()).value);
  }
  bus.emit({ scope: "host", event: { type: "host_stopping" } });
  hub[Symbol.dispose]();
  let rest = "";
  for (let got = await reader.read(); !got.done; got = await reader.read()) {
    rest += new TextDecoder().decode(got.value);
  }
  assert.match(rest, /host_stopping/);
  assert.equal(hub.readers, 0);
  assert.throws(() => hub.open({}), { status: 503 });
});

Deno.test("the event stream: a reader that leaves is forgotten, and only so many may read", async () => {
  using hub = new EventHub(new EventBus());
  const streams = Array.from({ length: 64 }, () => hub.open({}));
  assert.throws(() => hub.open({}), { status: 503 });
  await Promise.all(streams.map((stream) => stream.cancel()));
  assert.equal(hub.readers, 0);
  await hub.open({}).cancel();
});

Deno.test("the event stream: a Host that nobody looks at does not listen", () => {
  const bus = new EventBus();
  using hub = new EventHub(bus);
  assert.equal(bus.hears("ui_event"), false);
  void hub.open({}).cancel();
  assert.equal(bus.hears("ui_event"), true);
});

Deno.test("the event stream: routes of the Host, a pod and a peer, and 404 for others", async () => {
  const { ask, api, host } = fakeApi();
  const response = await ask("/api/v1/events/stream", { headers: { "last-event-id": "nonsense" } });
  assert.deepEqual([response.status, response.headers.get("content-type")], [
    200,
    "text/event-stream",
  ]);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const pod = await ask("/api/v1/pods/pod/events/stream");
  const own = await ask("/api/v1/pods/pod/peers/local:x/events/stream");
  host.bus.emit(asked("pod", "local:x"));
  for (const { body } of [response, pod, own]) {
    assert.ok(body);
    assert.deepEqual((await read(body, 1)).ids, [1]);
  }
  assert.equal((await ask("/api/v1/pods/other/events/stream")).status, 404);
  assert.equal((await ask("/api/v1/pods/pod/peers/gone/events/stream")).status, 404);
  api[Symbol.dispose]();
  for (const { body } of [response, pod, own]) await body?.cancel();
});

import assert from "node:assert/strict";
import { type BrokerClient, connect, connectHost, settled } from "../broker_client.ts";
import { eventually } from "../eventually.ts";
import { startNats } from "../nats_cluster.ts";
import { smallPage, store } from "../small_page.ts";
import { brokerOn, busIs, health, offered } from "./bus_place.ts";

const SDP = "v=0\r\n";
const CANDIDATE = { candidate: "candidate:1 1 UDP 1 192.0.2.7 9 typ host", sdpMid: "0" };
const OFFLINE = "origin offline";

/** Ends a session that was only offered, and reads what the visitor is told of that. */
async function decline(
  host: BrokerClient,
  visitor: BrokerClient,
  sessionId: string,
): Promise<void> {
  host.send({ t: "error", sessionId, message: "not now" });
  assert.deepEqual(await visitor.next(), { t: "error", sessionId, message: "not now" });
}

Deno.test("a NATS node dies, each in turn: no registration and no session is lost", async () => {
  await using nats = await startNats(3);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using host = await connectHost(here.url, "cafe");
  await using visitor = await connect(there.url);
  for (const node of nats.nodes) {
    const open = `open-${node.name}`;
    await offered({ host, visitor, sessionId: open });
    await node.kill();
    host.send({ t: "candidate", sessionId: open, candidate: CANDIDATE });
    visitor.send({ t: "candidate", sessionId: open, candidate: CANDIDATE });
    host.send({ t: "answer", sessionId: open, sdp: SDP });
    const candidate = { t: "candidate", sessionId: open, candidate: CANDIDATE };
    assert.deepEqual(await host.next(), candidate);
    assert.deepEqual(await visitor.next(), candidate);
    assert.deepEqual(await visitor.next(), { t: "answer", sessionId: open, sdp: SDP });

    const late = `late-${node.name}`;
    await offered({ host, visitor, sessionId: late });
    await decline(host, visitor, late);
    await using fresh = await connectHost(there.url, node.name);
    await using caller = await connect(here.url);
    await offered({ host: fresh, visitor: caller, sessionId: `fresh-${late}`, podId: node.name });
    await node.start();
    await nats.ready();
    await Promise.all([busIs("up", here), busIs("up", there)]);
  }
  assert.deepEqual(await settled(host), []);
});

Deno.test("the whole bus is gone: each broker goes on, says so, and all heals", async () => {
  await using nats = await startNats(3);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  const id = await store(here.url, smallPage());
  await using hostHere = await connectHost(here.url, "here");
  await using hostThere = await connectHost(there.url, "there");
  await using visitor = await connect(here.url);
  for (const node of nats.nodes) await node.kill();
  await Promise.all([busIs("degraded", here), busIs("degraded", there)]);
  assert.equal((await health(here)).ok, true);

  await offered({ host: hostHere, visitor, sessionId: "near", podId: "here" });
  hostHere.send({ t: "answer", sessionId: "near", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "near", sdp: SDP });
  visitor.send({ t: "offer", podId: "there", sessionId: "far", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "error", sessionId: "far", message: OFFLINE });
  await using hostLate = await connectHost(there.url, "late");
  const page = await fetch(`${here.url}/${id}`);
  assert.equal(page.status, 503);
  assert.deepEqual(await page.json(), {
    error: "The broker cannot reach its storage now: try again in a minute",
  });
  assert.notEqual(page.headers.get("retry-after"), null);

  for (const node of nats.nodes) await node.start();
  await nats.ready();
  await Promise.all([busIs("up", here), busIs("up", there)]);
  await offered({ host: hostThere, visitor, sessionId: "far", podId: "there" });
  await offered({ host: hostLate, visitor, sessionId: "late", podId: "late" });
  await using other = await connect(there.url);
  await offered({ host: hostHere, visitor: other, sessionId: "back", podId: "here" });
  assert.equal(await (await fetch(`${there.url}/${id}`)).text(), smallPage());
  const log = here.lines.join("\n");
  assert.match(log, /other brokers cannot be reached[^]*every broker can be reached/);
});

Deno.test("who moved while the bus was gone has the pod, and the older one never gets it back", async () => {
  await using nats = await startNats(3);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using older = await connectHost(here.url, "cafe");
  for (const node of nats.nodes) await node.kill();
  await Promise.all([busIs("degraded", here), busIs("degraded", there)]);
  await using newer = await connectHost(there.url, "cafe");
  for (const node of nats.nodes) await node.start();
  await nats.ready();
  assert.deepEqual(await older.closed, { code: 4001, reason: "replaced by new origin" });
  await Promise.all([busIs("up", here), busIs("up", there)]);
  await using visitor = await connect(here.url);
  await offered({ host: newer, visitor, sessionId: "first" });

  // Whatever is put again when the bus comes back once more, is not the older one.
  for (const node of nats.nodes) await node.kill();
  await Promise.all([busIs("degraded", here), busIs("degraded", there)]);
  for (const node of nats.nodes) await node.start();
  await nats.ready();
  await Promise.all([busIs("up", here), busIs("up", there)]);
  await offered({ host: newer, visitor, sessionId: "second" });
  assert.deepEqual(await settled(newer), []);
});

Deno.test("a broker that starts before its bus serves alone, and joins when it is there", async () => {
  await using nats = await startNats(1);
  const [node] = nats.nodes;
  assert(node !== undefined);
  await node.kill();
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await busIs("degraded", here);
  await using host = await connectHost(here.url, "cafe");
  await using near = await connect(here.url);
  await offered({ host, visitor: near, sessionId: "near" });
  await node.start();
  await Promise.all([busIs("up", here), busIs("up", there)]);
  await using visitor = await connect(there.url);
  await offered({ host, visitor, sessionId: "far" });
});

Deno.test("a Host's broker that stops leaves its visitors' calls to the next one", async () => {
  await using nats = await startNats(3);
  const stopping = await brokerOn(nats);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using before = await connectHost(stopping.url, "cafe");
  await using visitor = await connect(there.url);
  await stopping.stop();
  assert.equal((await before.closed).code, 4012);
  visitor.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: SDP });
  await settled(visitor);
  await using host = await connectHost(here.url, "cafe");
  assert.deepEqual(await host.next(), { t: "offer", sessionId: "s", sdp: SDP });
  await eventually("one session stands", async () => (await health(there)).sessions === 1);
});

Deno.test({
  name: "a NATS that no waiting mends is refused at the start, and not asked again",
  sanitizeOps: true, // of who was refused no timer and no connection may be left
  sanitizeResources: true,
  async fn() {
    {
      await using nats = await startNats(1, () => "");
      await assert.rejects(brokerOn(nats), { code: "bus_without_jetstream" });
    }
    await using nats = await startNats(
      1,
      (store) => `jetstream { store_dir: ${store} }\nauthorization { user: me, password: secret }`,
    );
    await assert.rejects(brokerOn(nats), { code: "bus_refused" });
    const wrong = nats.url.replace("nats://", "nats://me:wrong@");
    await assert.rejects(brokerOn(nats, { bus: wrong }), { code: "bus_refused" });
    await using _broker = await brokerOn(nats, {
      bus: nats.url.replace("nats://", "nats://me:secret@"),
    });
  },
});

import assert from "node:assert/strict";
import { connect as connectNats } from "@nats-io/transport-node";
import { brokerSubject, podSubject } from "../../../src/signal/bus/names.ts";
import { CANDIDATES_PER_SESSION, MESSAGE_BYTES } from "../../../src/signaling/mod.ts";
import { connect, connectHost, settled } from "../broker_client.ts";
import { eventually } from "../eventually.ts";
import { startNats } from "../nats_cluster.ts";
import { smallPage, store } from "../small_page.ts";
import { brokerOn, health } from "./bus_place.ts";

const SDP = "v=0\r\n";
const CANDIDATE = { candidate: "candidate:1 1 UDP 1 192.0.2.7 9 typ host", sdpMid: "0" };

Deno.test("a visitor and a Host at different brokers find each other, word for word", async () => {
  await using nats = await startNats(3);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using host = await connectHost(here.url, "cafe");
  await using visitor = await connect(there.url);

  visitor.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: SDP });
  visitor.send({ t: "candidate", podId: "cafe", sessionId: "s", candidate: CANDIDATE }); // at once
  visitor.send({ t: "candidate", podId: "cafe", sessionId: "s", candidate: null });
  assert.deepEqual(await host.next(), { t: "offer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await host.next(), { t: "candidate", sessionId: "s", candidate: CANDIDATE });
  assert.deepEqual(await host.next(), { t: "candidate", sessionId: "s", candidate: null });
  host.send({ t: "candidate", sessionId: "s", candidate: CANDIDATE });
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "candidate", sessionId: "s", candidate: CANDIDATE });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
  host.send({ t: "error", sessionId: "s", message: "the model is gone" });
  assert.deepEqual(await visitor.next(), {
    t: "error",
    sessionId: "s",
    message: "the model is gone",
  });
});

Deno.test("pods, limits and refusals are at two brokers as at one", async (t) => {
  await using nats = await startNats(1);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using host = await connectHost(here.url, "cafe", "bar");

  await t.step("a pod that nobody registered is offline, at once", async () => {
    await using visitor = await connect(there.url);
    visitor.send({ t: "offer", podId: "nobody", sessionId: "n", sdp: SDP });
    assert.deepEqual(await visitor.next(), {
      t: "error",
      sessionId: "n",
      message: "origin offline",
    });
  });

  await t.step("a Host of several pods is told which is asked for", async () => {
    await using visitor = await connect(there.url);
    for (const podId of ["cafe", "bar"]) {
      visitor.send({ t: "offer", podId, sessionId: podId, sdp: SDP });
      assert.deepEqual(await host.next(), { t: "offer", podId, sessionId: podId, sdp: SDP });
    }
    await visitor.close();
    for (const sessionId of ["cafe", "bar"]) {
      assert.deepEqual(await host.next(), { t: "error", sessionId, message: "visitor left" });
    }
  });

  await t.step("a session id in use is refused, whoever asks and wherever", async () => {
    await using first = await connect(there.url);
    await using second = await connect(here.url);
    await using third = await connect(there.url);
    const offer = { t: "offer", podId: "cafe", sessionId: "same", sdp: SDP };
    first.send(offer);
    await host.next();
    const refusal = { t: "error", sessionId: "same", message: "the session id is in use" };
    for (const visitor of [second, third]) {
      visitor.send(offer);
      assert.deepEqual(await visitor.next(), refusal);
    }
    await using elsewhere = await brokerOn(nats);
    await using fourth = await connect(elsewhere.url);
    fourth.send(offer);
    assert.deepEqual(await fourth.next(), refusal);
    host.send({ t: "error", sessionId: "same", message: "full" });
    assert.deepEqual(await first.next(), { t: "error", sessionId: "same", message: "full" });
    await eventually(
      "the session is over at both",
      async () => (await health(here)).sessions + (await health(there)).sessions === 0,
    );
  });

  await t.step("nobody else can answer a session, add to it or end it", async () => {
    await using visitor = await connect(there.url);
    await using stranger = await connectHost(there.url, "strange");
    await using neighbour = await connectHost(here.url, "next-door");
    visitor.send({ t: "offer", podId: "cafe", sessionId: "mine", sdp: SDP });
    await host.next();
    for (const other of [stranger, neighbour]) {
      for (
        const message of [
          { t: "answer", sessionId: "mine", sdp: "evil" },
          { t: "candidate", sessionId: "mine", candidate: CANDIDATE },
          { t: "error", sessionId: "mine", message: "evil" },
        ]
      ) {
        other.send(message);
        assert.deepEqual(await other.next(), {
          t: "error",
          sessionId: "mine",
          message: "unknown session",
        });
      }
    }
    host.send({ t: "answer", sessionId: "mine", sdp: SDP });
    assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "mine", sdp: SDP });
    assert.deepEqual(await settled(visitor), []);
  });

  await t.step(
    "the largest description goes over the bus, escaped as badly as can be",
    async () => {
      await using visitor = await connect(there.url);
      const sdp = "\n".repeat(MESSAGE_BYTES / 2 - 200);
      visitor.send({ t: "offer", podId: "cafe", sessionId: "large", sdp });
      assert.deepEqual(await host.next(), { t: "offer", podId: "cafe", sessionId: "large", sdp });
    },
  );

  await t.step("a visitor may send 64 candidates a session, and no more", async () => {
    await using visitor = await connect(there.url);
    visitor.send({ t: "offer", podId: "cafe", sessionId: "many", sdp: SDP });
    while (JSON.stringify(await host.next()).includes('"large"'));
    for (let i = 0; i <= CANDIDATES_PER_SESSION; i++) {
      visitor.send({ t: "candidate", podId: "cafe", sessionId: "many", candidate: CANDIDATE });
    }
    for (let i = 0; i < CANDIDATES_PER_SESSION; i++) {
      assert.deepEqual(await host.next(), {
        t: "candidate",
        sessionId: "many",
        candidate: CANDIDATE,
      });
    }
    assert.equal((await visitor.closed).code, 4029);
    assert.deepEqual(await host.next(), {
      t: "error",
      sessionId: "many",
      message: "visitor left",
    });
  });

  await t.step("pod ids that mean something to NATS mean nothing here", async () => {
    await using visitor = await connect(there.url);
    const podIds = [">", "*", "cafe.>", "a b", "\r\nPUB x 0", "$JS.API.>", "é".repeat(64)];
    await using odd = await connectHost(here.url, ...podIds);
    for (const podId of podIds) {
      visitor.send({ t: "offer", podId, sessionId: podId, sdp: SDP });
      assert.deepEqual(await odd.next(), { t: "offer", podId, sessionId: podId, sdp: SDP });
    }
    assert.deepEqual(await settled(host), []);
  });

  await t.step("a Host that leaves is offline everywhere, and its visitors are told", async () => {
    await using visitor = await connect(there.url);
    const leaving = await connectHost(here.url, "leaving");
    visitor.send({ t: "offer", podId: "leaving", sessionId: "l1", sdp: SDP });
    await leaving.next();
    await leaving.close();
    for (const sessionId of ["l1", "l2"]) {
      assert.deepEqual(await visitor.next(), {
        t: "error",
        sessionId,
        message: "origin offline",
      });
      visitor.send({ t: "offer", podId: "leaving", sessionId: "l2", sdp: SDP });
    }
  });
});

Deno.test("a page that was uploaded at one broker is served by all, the same", async () => {
  await using nats = await startNats(3);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  const html = smallPage();
  const id = await store(here.url, html);
  assert.equal(await store(there.url, html), id);
  const [one, other] = await Promise.all([here, there].map(({ url }) => fetch(`${url}/${id}`)));
  assert(one && other);
  assert.equal(await one.text(), html);
  assert.equal(await other.text(), html);
  for (const name of ["etag", "content-security-policy", "x-pod-owner"]) {
    assert.notEqual(one.headers.get(name), null);
    assert.equal(one.headers.get(name), other.headers.get(name));
  }
  await eventually("both have counted both", async () => {
    const metas = await Promise.all(
      [here, there].map(async ({ url }) => await (await fetch(`${url}/${id}/meta`)).json()),
    );
    return metas.every(({ hits }) => hits === 2);
  });
});

Deno.test("a newer registration at another broker closes the older with 4001", async () => {
  await using nats = await startNats(3);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using visitor = await connect(here.url);
  const brokers = [here, there];
  let older = await connectHost(here.url, "cafe");
  for (let i = 1; i <= 6; i++) {
    const newer = await connectHost(brokers[i % 2]?.url ?? "", "cafe");
    assert.deepEqual(await older.closed, { code: 4001, reason: "replaced by new origin" });
    visitor.send({ t: "offer", podId: "cafe", sessionId: `s${i}`, sdp: SDP });
    assert.deepEqual(await newer.next(), { t: "offer", sessionId: `s${i}`, sdp: SDP });
    older = newer;
  }
  await older.close();
});

Deno.test("what is on the bus and of no broker of ours changes nothing", async () => {
  await using nats = await startNats(1);
  await using here = await brokerOn(nats);
  await using there = await brokerOn(nats);
  await using host = await connectHost(here.url, "cafe");
  await using visitor = await connect(there.url);
  visitor.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: SDP });
  await host.next();

  const intruder = await connectNats({ servers: nats.url.replace("nats://", "") });
  const brokers = new Set<string>();
  const links = new Set<string>();
  const listening = intruder.subscribe("gemmapod.>", {
    callback: (_error, { data }) => {
      const { from, link } = JSON.parse(new TextDecoder().decode(data) || "{}");
      if (from) brokers.add(from);
      if (link) links.add(link);
    },
  });
  await intruder.flush();
  host.send({ t: "candidate", sessionId: "s", candidate: CANDIDATE });
  await visitor.next();
  await eventually("the intruder has heard both", () => brokers.size === 2 && links.size === 1);
  listening.unsubscribe();

  const name = "AAAAAAAAAAAAAAAAAAAAAA";
  const hostile: (string | Uint8Array | object)[] = [
    "",
    "null",
    "[]",
    "{",
    '"say"',
    new Uint8Array([0xff, 0xfe, 0]),
    "x".repeat(500_000),
    { t: "say" },
    { t: "say", from: name, link: "../..", n: 0, say: { t: "end" } },
    { t: "say", from: name, link: name, n: -1, say: { t: "end" } },
    {
      t: "say",
      from: name,
      link: name,
      n: 0,
      say: { t: "offer", podId: "", sessionId: "", sdp: 1 },
    },
    { t: "say", from: name, link: name, n: 7, say: { t: "answer", sdp: "evil" } },
    { t: "taken", from: name, link: name, n: 1e9 },
    { t: "nobody", from: name, link: name },
    { t: "replaced", from: name, podId: "cafe" },
    { t: "replaced", from: name, podId: "x".repeat(10_000) },
    { t: "shutdown" },
  ];
  for (const link of links) { // it knows the link, and is not the other side of it
    for (const n of [0, 1, 2, 3]) {
      for (
        const say of [
          { t: "answer", sdp: "evil" },
          { t: "candidate", candidate: { candidate: "evil" } },
          { t: "error", message: "evil" },
          { t: "end" },
        ]
      ) hostile.push({ t: "say", from: name, link, n, say });
    }
    hostile.push({ t: "taken", from: name, link, n: 5 }, { t: "nobody", from: name, link });
  }
  for (const subject of [...[...brokers].map(brokerSubject), podSubject("cafe")]) {
    for (const message of hostile) {
      const isRaw = typeof message === "string" || message instanceof Uint8Array;
      intruder.publish(subject, isRaw ? message : JSON.stringify(message));
    }
  }
  await intruder.flush();

  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await settled(visitor), []);
  assert.deepEqual(await settled(host), []);
  assert.equal((await health(here)).origins, 1);
  await using another = await connect(there.url);
  another.send({ t: "offer", podId: "cafe", sessionId: "t", sdp: SDP });
  assert.deepEqual(await host.next(), { t: "offer", sessionId: "t", sdp: SDP });
  await intruder.close();
});

Deno.test("a bus that cannot be used is said in a sentence, without its password", async () => {
  await using nats = await startNats(1);
  const refused = (bus: string, code: string, message: RegExp) =>
    assert.rejects(brokerOn(nats, { bus }), { code, message });
  await refused("http://localhost", "bad_bus", /expected nats:\/\/host:port/);
  await refused("nats://user:secret@", "bad_bus", /^(?!.*secret)/);
  await refused(",", "bad_bus", /it is empty/);
});

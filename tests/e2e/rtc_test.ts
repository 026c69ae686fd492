import assert from "node:assert/strict";
import { join } from "node:path";
import { type Channel, HIGH_WATER } from "../../src/dartc/mod.ts";
import { loadAddon } from "../../src/rtc/addon.ts";
import { acceptOffer, dial, makeOffer, preloadRtc } from "../../src/rtc/mod.ts";
import type { CandidateInit } from "../../src/signaling/mod.ts";
import { connectHost } from "./broker_client.ts";
import { start } from "./processes.ts";
import { rtcHost, until } from "./rtc_host.ts";

await preloadRtc();

/** Sends back whatever comes. */
function echo(channel: Channel): void {
  channel.onMessage((text) => channel.send(text));
}

/** The next message of a channel. */
function nextMessage(channel: Channel): Promise<string> {
  return new Promise((resolve) => channel.onMessage(resolve));
}

const call = (signalUrl: string, signal?: AbortSignal) =>
  dial({ signalUrl, podId: "cafe", iceServers: [], ...(signal && { signal }) });

Deno.test("a native visitor reaches a Host through a broker, and texts go both ways", async () => {
  await using host = await rtcHost(echo);
  await using line = await call(host.signalUrl);
  const answer = nextMessage(line.channel);
  line.channel.send("grüß dich 👋");
  assert.equal(await answer, "grüß dich 👋");
  assert.equal(line.peer.state, "connected");
});

Deno.test("twenty visitors come and go quickly, no word is lost and nothing is left", async () => {
  await using host = await rtcHost(echo);
  for (let i = 0; i < 20; i++) {
    await using line = await call(host.signalUrl);
    const answer = nextMessage(line.channel);
    line.channel.send(`visitor ${i}`);
    assert.equal(await answer, `visitor ${i}`);
  }
  await until("no peer is left", () => host.peers.size === 0);
});

Deno.test("what was sent before a close arrives, and the other side is told", async () => {
  const closed = Promise.withResolvers<string>();
  const got: string[] = [];
  await using host = await rtcHost((channel) => {
    channel.onMessage((text) => got.push(text));
    channel.onClose(closed.resolve);
  });
  const line = await call(host.signalUrl);
  const sent = Array.from({ length: 300 }, (_, i) => `${i} ${"x".repeat(5000)}`);
  for (const text of sent) line.channel.send(text);
  line.channel.close();
  await closed.promise;
  assert.deepEqual(got, sent);
  await until("the visitor's end is closed too", () => line.peer.state === "closed");
});

Deno.test("16 MB go through whole while its sender watches writable()", async () => {
  const received = Promise.withResolvers<string>();
  const end = "end";
  await using host = await rtcHost((channel) => {
    const parts: string[] = [];
    channel.onMessage((text) => text === end ? received.resolve(parts.join("")) : parts.push(text));
  });
  await using line = await call(host.signalUrl);
  const part = "0123456789abcdef".repeat(4000);
  let highest = 0;
  let waits = 0;
  for (let i = 0; i < 256; i++) {
    const writable = line.channel.writable();
    if (writable !== undefined) {
      waits++;
      await writable;
      assert(line.channel.bufferedAmount() < HIGH_WATER);
    }
    line.channel.send(part);
    highest = Math.max(highest, line.channel.bufferedAmount());
  }
  line.channel.send(end);
  assert.equal(await received.promise, part.repeat(256));
  assert(waits > 0, "there was nothing to wait for");
  assert(highest < HIGH_WATER + 2 * part.length, `${highest} bytes waited`);
});

Deno.test("bytes instead of text are handed over as an empty text", async () => {
  const got: string[] = [];
  await using host = await rtcHost((channel) => channel.onMessage((text) => got.push(text)));
  const { peer, raw } = await rawVisitor(host.signalUrl, "dartc.v0");
  raw.sendMessageBinary(new Uint8Array([123, 125]));
  await until("a message came", () => got.length === 1);
  assert.deepEqual(got, [""]);
  raw.close();
  peer.close();
});

Deno.test("a channel of another name is closed, and never becomes a session", async () => {
  let opened = 0;
  await using host = await rtcHost(() => opened++);
  const { peer, raw } = await rawVisitor(host.signalUrl, "chat");
  await until("the channel is closed", () => !raw.isOpen());
  assert.equal(opened, 0);
  raw.close();
  peer.close();
});

Deno.test("a visitor that opens many channels of other names is let go", async () => {
  await using host = await rtcHost(() => {});
  const { peer, raw } = await rawVisitor(host.signalUrl, "chat");
  const more = [1, 2, 3, 4, 5, 6].map((i) => peer.createDataChannel(`chat ${i}`));
  await until("the Host let go", () => host.peers.size === 0);
  for (const channel of [raw, ...more]) channel.close();
  peer.close();
});

/** A visitor of another implementation, down to what it calls its channel. */
async function rawVisitor(signalUrl: string, label: string) {
  const { PeerConnection } = await loadAddon();
  await using broker = await connectHost(signalUrl);
  const peer = new PeerConnection("raw", { iceServers: [] });
  const about = { podId: "cafe", sessionId: crypto.randomUUID() };
  peer.onLocalDescription((sdp) => broker.send({ t: "offer", ...about, sdp }));
  peer.onLocalCandidate((candidate, sdpMid) =>
    broker.send({ t: "candidate", ...about, candidate: { candidate, sdpMid } })
  );
  const raw = peer.createDataChannel(label);
  const opened = Promise.withResolvers<void>();
  raw.onOpen(() => opened.resolve());
  const answer = await broker.next();
  assert(typeof answer === "object" && answer !== null && "sdp" in answer);
  peer.setRemoteDescription(String(answer.sdp), "answer");
  await opened.promise;
  return { peer, raw };
}

/** Both sides of a connection, without a broker between them. */
function pair() {
  const toHost: (CandidateInit | null)[] = [];
  let host: ReturnType<typeof acceptOffer> | undefined;
  const visitor = makeOffer({
    iceServers: [],
    onCandidate: (candidate) => host ? host.addCandidate(candidate) : toHost.push(candidate),
  });
  return {
    visitor,
    async accept() {
      host = acceptOffer({
        sdp: await visitor.localSdp,
        iceServers: [],
        onCandidate: (candidate) => visitor.addCandidate(candidate),
      });
      for (const candidate of toHost) host.addCandidate(candidate);
      return host;
    },
  };
}

Deno.test("the Host answers as the DTLS server", async () => {
  const { visitor, accept } = pair();
  const host = await accept();
  assert.match(await visitor.localSdp, /^a=setup:actpass\r?$/m);
  assert.match(await host.localSdp, /^a=setup:passive\r?$/m);
  await Promise.all([visitor.close(), host.close()]);
});

Deno.test("a description has this machine's candidates in it; then it is told: no more", async () => {
  const candidates: (CandidateInit | null)[] = [];
  await using visitor = makeOffer({ iceServers: [], onCandidate: (c) => candidates.push(c) });
  assert.match(await visitor.localSdp, /^a=candidate:.* typ host\r?$/m);
  assert.deepEqual(candidates, [], "nothing comes before the description is out");
  await until("there are no more", () => candidates.length > 0);
  assert.deepEqual(candidates, [null]);
});

Deno.test("a browser on this machine is found although it hides behind an mDNS name", async () => {
  const visitor = makeOffer({ iceServers: [], onCandidate: () => {} });
  const [offer, hidden] = hideAddresses(await visitor.localSdp);
  const host = acceptOffer({
    sdp: offer,
    iceServers: [],
    onCandidate: () => {},
    sameMachine: "likely",
  });
  for (const candidate of hidden) host.addCandidate({ candidate, sdpMid: "0" });
  // The visitor learns of no candidate: only the Host can find a path.
  visitor.setRemote(hideAddresses(await host.localSdp)[0]);
  await Promise.all([host.channel, visitor.channel]);
  await Promise.all([visitor.close(), host.close()]);
});

/** A description without its candidates, and these with mDNS names as a browser gives them. */
function hideAddresses(sdp: string): [sdp: string, candidates: string[]] {
  const lines = sdp.split("\r\n");
  const isCandidate = (line: string) => line.startsWith("a=candidate:");
  const hidden = lines.filter(isCandidate).map((line) =>
    line.slice(2).split(" ").with(4, `${crypto.randomUUID()}.local`).join(" ")
  );
  return [lines.filter((line) => !isCandidate(line)).join("\r\n"), hidden];
}

Deno.test("a peer that goes without a word of goodbye is seen to be gone by its state", async () => {
  const { visitor, accept } = pair();
  const host = await accept();
  const states: string[] = [];
  host.onState((state) => states.push(state));
  visitor.setRemote(await host.localSdp);
  const [channel] = await Promise.all([host.channel, visitor.channel]);
  const closed = new Promise<string>((resolve) => channel.onClose(resolve));
  await visitor.close();
  assert.equal(typeof await closed, "string");
  await until("the Host's end is closed", () => host.state === "closed");
  assert.equal(states.at(-1), "closed");
  channel.send("nobody hears this");
});

Deno.test("a visitor whose process is killed is found to be gone while the Host sends", async () => {
  const closed = Promise.withResolvers<string>();
  let timer: ReturnType<typeof setInterval> | undefined;
  await using host = await rtcHost((channel) => {
    channel.onClose(closed.resolve);
    timer = setInterval(() => channel.send("are you there?"), 100);
  });
  try {
    const script = join(import.meta.dirname ?? ".", "rtc_visitor.ts");
    await using visitor = start([Deno.execPath(), "run", "-A", script, host.signalUrl]);
    await visitor.line(/open/);
    visitor.kill("SIGKILL");
    assert.equal(typeof await closed.promise, "string");
    await until("no peer is left", () => host.peers.size === 0);
  } finally {
    clearInterval(timer);
  }
});

for (
  const [name, sdp] of [
    ["nothing", ""],
    ["nonsense", "nonsense"],
    ["an SDP without an ICE user", "v=0\r\no=- 0 0 IN IP4 0\r\ns=-\r\nt=0 0\r\n"],
    ["a great many lines", "a=x\r\n".repeat(10_000)],
    ["control characters", "\0\u0001\uffff"],
  ] as const
) {
  Deno.test(`an offer that is ${name} fails the connection and nothing else`, async () => {
    const peer = acceptOffer({ sdp, iceServers: [], onCandidate: () => {} });
    peer.addCandidate({ candidate: "candidate:nonsense", sdpMid: "0" });
    await assert.rejects(peer.localSdp, { code: "rtc_failed" });
    await assert.rejects(peer.channel, { code: "rtc_failed" });
    await peer.close();
    assert.equal(peer.state, "closed");
  });
}

Deno.test("candidates that are nonsense are left out", async () => {
  const { visitor, accept } = pair();
  const host = await accept();
  for (
    const candidate of ["nonsense", "candidate:1", "candidate:1 1 UDP 1 evil.example 9 typ host"]
  ) {
    host.addCandidate({ candidate, sdpMid: "0" });
  }
  host.addCandidate({ candidate: "candidate:1 1 UDP 1 192.0.2.1 9 typ host", sdpMid: "\0" });
  host.addCandidate({ candidate: "" });
  host.addCandidate(null);
  visitor.setRemote(await host.localSdp);
  await Promise.all([host.channel, visitor.channel]);
  await Promise.all([visitor.close(), host.close()]);
});

Deno.test("a connection that is closed before it opened says so, once and for all", async () => {
  const peer = makeOffer({ iceServers: [], onCandidate: () => {} });
  await Promise.all([peer.close(), peer.close()]);
  await assert.rejects(peer.channel, { code: "rtc_closed" });
  await assert.rejects(peer.localSdp, { code: "rtc_closed" });
  peer.setRemote("late");
  peer.addCandidate(null);
  assert.equal(peer.state, "closed");
});

Deno.test("an aborted connection closes, whenever it is aborted", async () => {
  for (const controller of [new AbortController(), new AbortController()]) {
    const peer = makeOffer({ iceServers: [], onCandidate: () => {}, signal: controller.signal });
    if (controller.signal.aborted) continue;
    controller.abort();
    await assert.rejects(peer.channel, { code: "rtc_closed" });
  }
  const late = makeOffer({ iceServers: [], onCandidate: () => {}, signal: AbortSignal.abort() });
  await assert.rejects(late.channel, { code: "rtc_closed" });
});

Deno.test("dial() says when a pod is offline, when there is no broker, when it is aborted", async () => {
  await using host = await rtcHost(echo);
  await assert.rejects(
    dial({ signalUrl: host.signalUrl, podId: "nobody", iceServers: [] }),
    { code: "origin_offline" },
  );
  await assert.rejects(
    dial({ signalUrl: "http://127.0.0.1:1/signal", podId: "cafe", iceServers: [] }),
    { code: "broker_unreachable" },
  );
  const reason = new Error("enough");
  await assert.rejects(call(host.signalUrl, AbortSignal.abort(reason)), reason);
  await assert.rejects(dial({ signalUrl: "nowhere", podId: "cafe" }), { code: "bad_signal_url" });
});

Deno.test("dial() closes what it opened when it is aborted later", async () => {
  await using host = await rtcHost(echo);
  const controller = new AbortController();
  const line = await call(host.signalUrl, controller.signal);
  const closed = new Promise((resolve) => line.channel.onClose(resolve));
  controller.abort();
  assert.equal(await closed, "aborted");
});

Deno.test("a process that needs no WebRTC any more ends by itself", async () => {
  await using host = await rtcHost(echo);
  const script = join(import.meta.dirname ?? ".", "rtc_visitor.ts");
  await using visitor = start([Deno.execPath(), "run", "-A", script, host.signalUrl, "leave"]);
  assert.equal((await visitor.status).code, 0);
});

import assert from "node:assert/strict";
import type { OpenChannelRequest } from "../../../../src/runtime/mod.ts";
import { openWebRtcChannel } from "../../../../web/transports/webrtc_channel.ts";
import { until } from "../../dartc/until.ts";
import { FakePeer } from "./fake_peer.ts";

/** A broker that the test speaks for, and a browser's WebRTC that is a fake. */
function rendezvous() {
  const received: Record<string, unknown>[] = [];
  let socket: WebSocket | undefined;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { socket: own, response } = Deno.upgradeWebSocket(request);
    socket = own;
    own.onmessage = ({ data }) => received.push(JSON.parse(data));
    return response;
  });
  // What the page finds in its place of a browser's own.
  Object.assign(globalThis, { RTCPeerConnection: FakePeer });
  const controller = new AbortController();
  const stages: string[] = [];
  const request: OpenChannelRequest = {
    signalUrl: `ws://127.0.0.1:${server.addr.port}/signal`,
    podId: "pod",
    sessionId: "session-1",
    iceServers: [{ urls: ["stun:stun.example"], username: "u" }],
    signal: controller.signal,
    onStage: (stage) => stages.push(stage),
    onAnswered: () => stages.push("answered"),
  };
  return {
    request,
    received,
    stages,
    controller,
    say: (message: object) => socket?.send(JSON.stringify({ sessionId: "session-1", ...message })),
    peer(): FakePeer {
      if (FakePeer.last === undefined) throw new Error("no peer was made");
      return FakePeer.last;
    },
    socketClosed: () =>
      until("the socket is closed", () => socket?.readyState === WebSocket.CLOSED),
    async [Symbol.asyncDispose]() {
      Reflect.deleteProperty(globalThis, "RTCPeerConnection");
      FakePeer.last = undefined;
      await server.shutdown();
    },
  };
}

function candidate(text: string) {
  return { candidate: { candidate: text, sdpMid: "0", sdpMLineIndex: 0 } };
}

Deno.test("offer, answer and candidates go both ways, none too early, none lost", async () => {
  await using meeting = rendezvous();
  const opening = openWebRtcChannel(meeting.request);
  await until("the offer is there", () => meeting.received.length === 2);
  const peer = meeting.peer();
  assert.deepEqual(peer.label, ["dartc.v0"]);
  assert.deepEqual(peer.configuration.iceServers, [{ urls: ["stun:stun.example"], username: "u" }]);
  assert.deepEqual(meeting.received[0], {
    t: "offer",
    podId: "pod",
    sessionId: "session-1",
    sdp: "offer",
  });
  peer.find("later");
  peer.find(undefined);
  await until("our candidates are there", () => meeting.received.length === 4);
  assert.deepEqual(meeting.received.slice(1).map(({ candidate }) => candidate), [
    { candidate: "early", sdpMid: "0", sdpMLineIndex: 0 },
    { candidate: "later", sdpMid: "0", sdpMLineIndex: 0 },
    null,
  ]);
  meeting.say({ t: "candidate", ...candidate("theirs, before the answer") });
  meeting.say({ t: "answer", sdp: "answer" });
  meeting.say({ t: "candidate", ...candidate("bad") });
  meeting.say({ t: "candidate", ...candidate("theirs, after it") });
  await until("their candidates are there", () => peer.candidates.length === 3);
  assert.deepEqual(peer.candidates, ["theirs, before the answer", "bad", "theirs, after it"]);
  assert.deepEqual(meeting.stages, ["dartc-offer", "ice-gathering", "signaling", "answered"]);
  peer.open();
  const channel = await opening;
  await meeting.socketClosed();
  assert.equal(peer.isClosed, false);
  const closed: string[] = [];
  channel.onClose((reason) => closed.push(reason));
  peer.become("failed");
  assert.deepEqual(closed, ["the connection failed"]);
  assert.equal(peer.isClosed, true);
});

Deno.test("a pod that is offline, an answer that is none, a failed connection: all is closed", async () => {
  for (
    const [act, code] of [
      [
        (say: (m: object) => void) => say({ t: "error", message: "origin offline" }),
        "origin_offline",
      ],
      [(say: (m: object) => void) => say({ t: "error", message: "busy" }), "signaling_error"],
      [(say: (m: object) => void) => say({ t: "answer", sdp: "nonsense" }), "signaling_error"],
      [(_: unknown, peer: FakePeer) => peer.become("failed"), "channel_failed"],
    ] as const
  ) {
    await using meeting = rendezvous();
    const opening = assert.rejects(openWebRtcChannel(meeting.request), { code });
    await until("the offer is there", () => meeting.received.length > 0);
    act(meeting.say, meeting.peer());
    await opening;
    assert.equal(meeting.peer().isClosed, true);
    await meeting.socketClosed();
  }
});

Deno.test("an aborted signal closes everything", async () => {
  await using meeting = rendezvous();
  const opening = assert.rejects(openWebRtcChannel(meeting.request), { message: "enough" });
  await until("the offer is there", () => meeting.received.length > 0);
  meeting.controller.abort(new Error("enough"));
  await opening;
  assert.equal(meeting.peer().isClosed, true);
  await meeting.socketClosed();
});

Deno.test("a broker that is down, a bad address, a browser without WebRTC", async () => {
  const request = await (async () => {
    await using meeting = rendezvous();
    return meeting.request;
  })();
  await assert.rejects(openWebRtcChannel(request), { code: "webrtc_missing" });
  Object.assign(globalThis, { RTCPeerConnection: FakePeer });
  try {
    await assert.rejects(openWebRtcChannel(request), { code: "broker_unreachable" });
    assert.equal(FakePeer.last?.isClosed, true);
    await assert.rejects(openWebRtcChannel({ ...request, signalUrl: "ftp://x" }), {
      code: "bad_signal_url",
    });
  } finally {
    Reflect.deleteProperty(globalThis, "RTCPeerConnection");
  }
});

Deno.test("a broker that sends candidates without an end is not heard beyond what a Host may have", async () => {
  await using meeting = rendezvous();
  const opening = openWebRtcChannel(meeting.request);
  await until("the offer is there", () => meeting.received.length > 0);
  const flood = (name: string) => {
    for (let index = 0; index < 200; index++) {
      meeting.say({ t: "candidate", ...candidate(`${name} ${index}`) });
    }
  };
  flood("early");
  meeting.say({ t: "answer", sdp: "answer" });
  flood("late");
  meeting.say({ t: "error", message: "that was all" });
  await assert.rejects(opening, { code: "signaling_error" });
  assert.equal(meeting.peer().candidates.length, 65);
});

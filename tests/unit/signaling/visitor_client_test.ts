import assert from "node:assert/strict";
import { type CandidateInit, type OfferOptions, offerOver } from "../../../src/signaling/mod.ts";
import { MemorySocket } from "./memory_socket.ts";

const LINE: CandidateInit = { candidate: "candidate:1 1 UDP 1 192.0.2.1 9 typ host", sdpMid: "0" };

function visitor(socket: MemorySocket, options: Partial<OfferOptions> = {}) {
  const heard: unknown[] = [];
  const rendezvous = offerOver(socket, {
    podId: "cafe",
    sessionId: "s",
    sdp: "v=0",
    onAnswer: (sdp) => heard.push(["answer", sdp]),
    onCandidate: (candidate) => heard.push(["candidate", candidate]),
    onError: (error) => heard.push(["error", error.code]),
    ...options,
  });
  return { heard, rendezvous };
}

const OFFER = { t: "offer", podId: "cafe", sessionId: "s", sdp: "v=0" };

Deno.test("offerOver() sends the offer on an open socket at once", () => {
  const socket = new MemorySocket();
  visitor(socket);
  assert.deepEqual(socket.sent, [OFFER]);
});

Deno.test("offerOver() keeps offer and candidates until the socket opens, in order", () => {
  const socket = new MemorySocket("connecting");
  const { rendezvous } = visitor(socket);
  rendezvous.candidate(LINE);
  rendezvous.candidate(null);
  assert.deepEqual(socket.sent, []);
  socket.open();
  const about = { t: "candidate", podId: "cafe", sessionId: "s" };
  assert.deepEqual(socket.sent, [
    OFFER,
    { ...about, candidate: LINE },
    { ...about, candidate: null },
  ]);
});

Deno.test("offerOver() hands over the answer once, and candidates before and after it", () => {
  const socket = new MemorySocket();
  const { heard } = visitor(socket);
  socket.receive({ t: "candidate", sessionId: "s", candidate: { candidate: "" } });
  socket.receive({ t: "answer", sessionId: "s", sdp: "v=1" });
  socket.receive({ t: "answer", sessionId: "s", sdp: "v=2" });
  socket.receive({ t: "candidate", sessionId: "s", candidate: null });
  assert.deepEqual(JSON.parse(JSON.stringify(heard)), [
    ["candidate", { candidate: "" }],
    ["answer", "v=1"],
    ["candidate", null],
  ]);
});

Deno.test("offerOver() ignores what is of another session, not for a visitor, or nonsense", () => {
  const socket = new MemorySocket();
  const { heard } = visitor(socket);
  socket.receive({ t: "answer", sessionId: "other", sdp: "v=1" });
  socket.receive({ t: "candidate", sessionId: "other", candidate: null });
  socket.receive({ t: "error", sessionId: "other", message: "no" });
  socket.receive({ t: "offer", sessionId: "s", sdp: "v=1" });
  socket.receive({ t: "registered", podId: "cafe" });
  socket.receive("null");
  socket.receive("{");
  socket.receive(new Uint8Array(2));
  assert.deepEqual(heard, []);
});

Deno.test("offerOver() tells a pod that is offline from other errors", () => {
  const socket = new MemorySocket();
  const { heard } = visitor(socket);
  socket.receive({ t: "error", sessionId: "s", message: "origin offline" });
  socket.receive({ t: "error", message: "no" });
  assert.deepEqual(heard, [["error", "origin_offline"], ["error", "signaling_error"]]);
});

Deno.test("offerOver() says that the broker is unreachable when the socket never opens", () => {
  const socket = new MemorySocket("connecting");
  const { heard } = visitor(socket);
  socket.lose();
  assert.deepEqual(heard, [["error", "broker_unreachable"]]);
});

Deno.test("offerOver() says so when the socket was closed before it came", async () => {
  const socket = new MemorySocket();
  socket.close();
  const { heard } = visitor(socket);
  await Promise.resolve();
  assert.deepEqual(heard, [["error", "broker_unreachable"]]);
});

Deno.test("offerOver() reports a line lost before the answer, and none after it", () => {
  const before = new MemorySocket();
  const early = visitor(before);
  before.lose();
  assert.deepEqual(early.heard, [["error", "signaling_closed"]]);

  const after = new MemorySocket();
  const late = visitor(after);
  after.receive({ t: "answer", sessionId: "s", sdp: "v=1" });
  after.lose();
  assert.deepEqual(late.heard, [["answer", "v=1"]]);
});

Deno.test("offerOver() sends no more than 64 candidates, whatever else it is given", () => {
  const socket = new MemorySocket();
  const { rendezvous } = visitor(socket);
  for (let i = 0; i < 100; i++) rendezvous.candidate(LINE);
  rendezvous.candidate(null);
  assert.equal(socket.sent.length, 1 + 64 + 1);
});

Deno.test("offerOver() answers a ping", () => {
  const socket = new MemorySocket();
  visitor(socket);
  socket.receive({ t: "ping" });
  assert.deepEqual(socket.sent.at(-1), { t: "pong" });
});

Deno.test("offerOver() lets go of its socket on close and on abort, and says nothing more", () => {
  const closing = new MemorySocket();
  const first = visitor(closing);
  first.rendezvous.close();

  const aborting = new MemorySocket("connecting");
  const controller = new AbortController();
  const second = visitor(aborting, { signal: controller.signal });
  controller.abort();

  for (const [socket, { heard, rendezvous }] of [[closing, first], [aborting, second]] as const) {
    assert(socket.closed);
    assert.equal(socket.listeners, 0);
    rendezvous.candidate(LINE);
    assert.deepEqual(heard, []);
  }
});

Deno.test("offerOver() does nothing but close when it is aborted already", () => {
  const socket = new MemorySocket();
  visitor(socket, { signal: AbortSignal.abort() });
  assert(socket.closed);
  assert.deepEqual(socket.sent, []);
  assert.equal(socket.listeners, 0);
});

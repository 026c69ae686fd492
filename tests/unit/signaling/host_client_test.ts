import assert from "node:assert/strict";
import { type HostLine, type HostOptions, hostOver } from "../../../src/signaling/mod.ts";
import { MemorySocket } from "./memory_socket.ts";

interface Listening extends Disposable {
  heard: unknown[];
  line: HostLine;
}

function host(socket: MemorySocket, options: Partial<HostOptions> = {}): Listening {
  const heard: unknown[] = [];
  const line = hostOver(socket, {
    podIds: ["cafe"],
    onRegistered: (podId) => heard.push(["registered", podId]),
    onOffer: (offer) => heard.push(["offer", offer]),
    onCandidate: (sessionId, candidate) => heard.push(["candidate", sessionId, candidate]),
    onError: (error) => heard.push(["error", error]),
    onClose: (closed) => heard.push(["close", closed.code]),
    ...options,
  });
  return { heard, line, [Symbol.dispose]: () => line.close() };
}

Deno.test("hostOver() registers its pods when the socket opens, and further ones later", () => {
  const socket = new MemorySocket("connecting");
  using open = host(socket, { podIds: ["cafe", "bar"] });
  assert.deepEqual(socket.sent, []);
  socket.open();
  open.line.register("pub");
  assert.deepEqual(socket.sent, [
    { t: "register", podId: "cafe" },
    { t: "register", podId: "bar" },
    { t: "register", podId: "pub" },
  ]);
  socket.receive({ t: "registered", podId: "cafe" });
  assert.deepEqual(open.heard, [["registered", "cafe"]]);
});

Deno.test("hostOver() hands over offers and candidates, and sends its own side's", () => {
  const socket = new MemorySocket();
  using open = host(socket);
  socket.receive({ t: "registered", podId: "cafe" });
  socket.receive({ t: "offer", sessionId: "s", sdp: "v=0" });
  socket.receive({ t: "candidate", sessionId: "s", candidate: null });
  assert.deepEqual(open.heard.slice(1), [
    ["offer", { sessionId: "s", podId: "cafe", sdp: "v=0" }],
    ["candidate", "s", null],
  ]);
  open.line.answer("s", "v=1");
  open.line.candidate("s", null);
  open.line.error("s", "full");
  assert.deepEqual(socket.sent.slice(1), [
    { t: "answer", sessionId: "s", sdp: "v=1" },
    { t: "candidate", sessionId: "s", candidate: null },
    { t: "error", sessionId: "s", message: "full" },
  ]);
});

Deno.test("hostOver() with several pods says which is asked for where the broker does", () => {
  const socket = new MemorySocket();
  using open = host(socket, { podIds: ["cafe", "bar"] });
  for (const podId of ["cafe", "bar"]) socket.receive({ t: "registered", podId });
  socket.receive({ t: "offer", sessionId: "1", podId: "bar", sdp: "v=0" });
  socket.receive({ t: "offer", sessionId: "2", sdp: "v=0" });
  assert.deepEqual(open.heard.slice(2), [
    ["offer", { sessionId: "1", podId: "bar", sdp: "v=0" }],
    ["offer", { sessionId: "2", sdp: "v=0" }],
  ]);
});

Deno.test("hostOver() refuses an offer for a pod that it did not register", () => {
  const socket = new MemorySocket();
  using open = host(socket);
  socket.receive({ t: "registered", podId: "cafe" });
  socket.receive({ t: "offer", sessionId: "s", podId: "bar", sdp: "v=0" });
  assert.deepEqual(open.heard, [["registered", "cafe"]]);
  assert.deepEqual(socket.sent.at(-1), { t: "error", sessionId: "s", message: "origin offline" });
});

Deno.test("hostOver() reports complaints and messages that it cannot read", () => {
  const socket = new MemorySocket();
  using open = host(socket);
  socket.receive({ t: "error", message: "pod id is claimed by another owner" });
  socket.receive({ t: "error", sessionId: "s", message: "visitor left" });
  socket.receive("null");
  assert.deepEqual(open.heard, [
    ["error", { message: "pod id is claimed by another owner" }],
    ["error", { sessionId: "s", message: "visitor left" }],
    ["error", { message: "Cannot read the message: expected a JSON object" }],
  ]);
});

Deno.test("hostOver() tells once why its line went down", () => {
  const socket = new MemorySocket();
  using open = host(socket);
  socket.lose(4001, "replaced by new origin");
  open.line.answer("s", "v=1");
  assert.deepEqual(open.heard, [["close", 4001]]);
  assert.equal(socket.listeners, 0);
});

Deno.test("hostOver() tells of a socket that was closed before it came", async () => {
  const socket = new MemorySocket();
  socket.close();
  using open = host(socket);
  await Promise.resolve();
  assert.deepEqual(open.heard, [["close", 1006]]);
});

Deno.test("hostOver() closed by its owner calls nothing", () => {
  const socket = new MemorySocket();
  const { heard, line } = host(socket);
  line.close();
  assert(socket.closed);
  socket.receive({ t: "registered", podId: "cafe" });
  assert.deepEqual(heard, []);
});

/** Resolves when a condition holds; looks at each turn of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!holds()) {
    assert(performance.now() < deadline, "it never came to that");
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const isPing = (message: unknown) => JSON.stringify(message) === '{"t":"ping"}';

Deno.test("hostOver() pings a silent broker, and gives it up when it knew ping once", async () => {
  const socket = new MemorySocket();
  using open = host(socket, { pingMs: 10 });
  await until(() => socket.sent.some(isPing));
  socket.receive({ t: "pong" });
  await until(() => open.heard.length > 0);
  assert.deepEqual(open.heard, [["close", 1006]]);
  assert(socket.closed);
});

Deno.test("hostOver() never gives up a broker that does not know ping", async () => {
  const socket = new MemorySocket();
  using open = host(socket, { pingMs: 5 });
  await until(() => socket.sent.filter(isPing).length >= 10); // 20 times as long as it would bear
  assert.deepEqual(open.heard, []);
  assert(!socket.closed);
});

Deno.test("hostOver() takes an error that answers a ping for an answer, and asks no more", async () => {
  const socket = new MemorySocket();
  using open = host(socket, { pingMs: 5 });
  await until(() => socket.sent.some(isPing));
  socket.receive({ t: "error", message: "unknown message type" });
  assert.deepEqual(open.heard, []);
  const pings = socket.sent.filter(isPing).length;
  const since = performance.now();
  await until(() => performance.now() - since > 50);
  assert.equal(socket.sent.filter(isPing).length, pings);
});

Deno.test("hostOver() answers a ping of the broker", () => {
  const socket = new MemorySocket();
  using _open = host(socket);
  socket.receive({ t: "ping" });
  assert.deepEqual(socket.sent.at(-1), { t: "pong" });
});

import assert from "node:assert/strict";
import { createLogger } from "../../src/base/mod.ts";
import { serve, type ServerTimes } from "../../src/signal/http/server.ts";
import { type Broker, type BrokerOptions, startBroker } from "../../src/signal/mod.ts";
import { DEFAULT_LIMITS } from "../../src/signal/limits.ts";
import { MESSAGE_BYTES } from "../../src/signaling/mod.ts";
import { memoryMb } from "../bench/tools/process_usage.ts";
import { connect, connectHost } from "./broker_client.ts";
import { startSignal } from "./broker_scenes.ts";
import { frame, OPCODE, RawSocket } from "./raw_socket.ts";

const MB = 1_000_000;

/** What the broker may grow by while it is told nonsense, in MB: less than any one of them is. */
const GROWTH_MB = 40;

async function broker(options: BrokerOptions = {}): Promise<Broker> {
  const log = createLogger({ name: "signal", write: () => {} });
  return await startBroker({ port: 0, limits: "off", log, ...options });
}

/** What the broker says to a raw socket: texts as they are, and the code that it closes with. */
interface Heard {
  readonly texts: string[];
  readonly closeCode: Promise<number | undefined>;
  readonly pongs: string[];
}

function listenTo(socket: RawSocket): Heard {
  const texts: string[] = [];
  const pongs: string[] = [];
  let code: number | undefined;
  socket.onFrame = (opcode, buffer, start, end) => {
    const payload = buffer.slice(start, end);
    if (opcode === OPCODE.TEXT) texts.push(new TextDecoder().decode(payload));
    if (opcode === OPCODE.PONG) pongs.push(new TextDecoder().decode(payload));
    if (opcode === OPCODE.CLOSE) code = (payload[0] ?? 0) << 8 | (payload[1] ?? 0);
  };
  return { texts, pongs, closeCode: socket.ended.then(() => code) };
}

/** Sends until all is sent or the other end does not take it any more; returns the bytes. */
async function pour(socket: RawSocket, bytes: number): Promise<number> {
  const chunk = new Uint8Array(64 * 1024).fill(0x20);
  let sent = 0;
  try {
    for (; sent < bytes; sent += chunk.length) await socket.send(chunk);
  } catch {
    // reset: that is what is wanted
  }
  return sent;
}

/** That somebody else is served as if nothing were. */
async function assertServes({ url }: { url: string }): Promise<void> {
  const podId = crypto.randomUUID();
  await using host = await connectHost(url, podId);
  await using visitor = await connect(url);
  visitor.send({ t: "offer", podId, sessionId: podId, sdp: "v=0" });
  assert.deepEqual(await host.next(), { t: "offer", sessionId: podId, sdp: "v=0" });
}

Deno.test("a message of 100 MB is refused at its head, and never held", async () => {
  await using signal = await startSignal("--limits", "off");
  const { pid } = signal.running;
  const port = Number(new URL(signal.url).port);
  await assertServes(signal);
  const before = memoryMb(pid);
  using socket = await RawSocket.connect(port);
  const { texts, closeCode } = listenTo(socket);
  await socket.send(frame("", { announced: 100 * MB }));
  await pour(socket, 100 * MB);
  assert.equal(await closeCode, 4029);
  assert.deepEqual(texts.map((text) => JSON.parse(text)), [
    { t: "error", message: `Cannot read the message: it is over ${MESSAGE_BYTES} bytes` },
  ]);
  assert(!(memoryMb(pid) - before > GROWTH_MB), `grew by ${memoryMb(pid) - before} MB`);
  await assertServes(signal);
});

Deno.test("fragments without end are refused where they are too much together", async () => {
  await using signal = await startSignal("--limits", "off");
  const before = memoryMb(signal.running.pid);
  using socket = await RawSocket.connect(Number(new URL(signal.url).port));
  const { closeCode } = listenTo(socket);
  await socket.send(frame("x", { bits: 0 }));
  const more = frame("x".repeat(1_000), { bits: 0, opcode: OPCODE.CONTINUATION });
  try {
    for (let bytes = 0; bytes < 100 * MB; bytes += 1_000) await socket.send(more);
  } catch {
    // reset
  }
  assert.equal(await closeCode, 4029);
  assert(!(memoryMb(signal.running.pid) - before > GROWTH_MB));
  await assertServes(signal);
});

Deno.test("what is announced and does not come costs nothing", async () => {
  await using signal = await startSignal("--limits", "off");
  const port = Number(new URL(signal.url).port);
  const before = memoryMb(signal.running.pid);
  const sockets: RawSocket[] = [];
  for (let i = 0; i < 500; i++) { // 64 MB, if it were believed
    const socket = await RawSocket.connect(port, 512);
    sockets.push(socket);
    await socket.send(frame("{", { announced: MESSAGE_BYTES }));
  }
  await assertServes(signal);
  const growth = memoryMb(signal.running.pid) - before;
  for (const socket of sockets) socket[Symbol.dispose]();
  assert(!(growth > GROWTH_MB), `grew by ${growth} MB`);
});

Deno.test("a message in fragments is read, and a ping between them is answered", async () => {
  await using signal = await broker();
  using socket = await RawSocket.connect(signal.port);
  const { texts, pongs, closeCode } = listenTo(socket);
  await socket.send(frame('{"t":"register",', { bits: 0 }));
  await socket.send(frame("here?", { opcode: OPCODE.PING, mask: [1, 2, 3, 4] }));
  await socket.send(frame('"podId":"café"}', { opcode: OPCODE.CONTINUATION, mask: [9, 8, 7, 6] }));
  await socket.send(frame(new Uint8Array([0x0f, 0xa5]), { opcode: OPCODE.CLOSE })); // 4005
  assert.equal(await closeCode, 4005);
  assert.deepEqual(pongs, ["here?"]);
  assert.deepEqual(texts, ['{"t":"registered","podId":"café"}']);
});

const violations: Readonly<Record<string, [code: number, bytes: Uint8Array]>> = {
  "a frame without a mask": [1002, frame("{}", { mask: "none" })],
  "a compressed frame, where nothing was agreed": [1002, frame("{}", { bits: 0xc0 })],
  "an opcode that is not": [1002, frame("{}", { opcode: 7 })],
  "a ping that is too long": [1002, frame("x".repeat(200), { opcode: OPCODE.PING })],
  "a continuation of nothing": [1002, frame("{}", { opcode: OPCODE.CONTINUATION })],
  "a close code that may not be": [
    1002,
    frame(new Uint8Array([0x03, 0xed]), { opcode: OPCODE.CLOSE }),
  ],
  "text that is no UTF-8": [1007, frame(new Uint8Array([0x22, 0xff, 0x22]))],
};

for (const [name, [code, bytes]] of Object.entries(violations)) {
  Deno.test(`a client that breaks the protocol is closed with ${code}: ${name}`, async () => {
    await using signal = await broker();
    using socket = await RawSocket.connect(signal.port);
    const { closeCode } = listenTo(socket);
    await socket.send(bytes);
    assert.equal(await closeCode, code);
    await assertServes(signal);
  });
}

Deno.test("a client that pings and never reads is let go, with bounded memory", async () => {
  await using signal = await startSignal("--limits", "off");
  const { hostname, port } = new URL(signal.url);
  const before = memoryMb(signal.running.pid);
  using conn = await Deno.connect({ hostname, port: Number(port) });
  await conn.write(new TextEncoder().encode(
    "GET /signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  ));
  const pings = new Uint8Array(131 * 500);
  for (let i = 0; i < 500; i++) pings.set(frame("x".repeat(125), { opcode: OPCODE.PING }), i * 131);
  const flood = async () => {
    for (;;) await conn.write(pings);
  };
  await assert.rejects(flood()); // it is reset, sooner or later
  const growth = memoryMb(signal.running.pid) - before;
  assert(!(growth > GROWTH_MB), `grew by ${growth} MB`);
  await assertServes(signal);
});

Deno.test("others are served while clients flood", async () => {
  await using signal = await startSignal("--limits", "off");
  const port = Number(new URL(signal.url).port);
  const nonsense = frame('{"t":"error","message":"about nothing, which nobody answers"}');
  const many = new Uint8Array(nonsense.length * 2_000);
  for (let i = 0; i < 2_000; i++) many.set(nonsense, i * nonsense.length);
  const flooders = await Promise.all([1, 2, 3].map(() => RawSocket.connect(port, 65_536)));
  let flooding = true;
  const floods = flooders.map(async (socket) => {
    while (flooding) await socket.send(many);
    socket[Symbol.dispose]();
  });
  for (let i = 0; i < 5; i++) await assertServes(signal);
  flooding = false;
  await Promise.all(floods);
});

Deno.test("sockets are counted by address and in all; where one leaves there is room", async () => {
  const limits = { ...DEFAULT_LIMITS, sockets: 3, socketsPerAddress: 2 };
  await using signal = await broker({ limits, trustProxy: ["loopback"] });
  const knock = async (address: string): Promise<WebSocket | string> => {
    const answer = await fetch(`${signal.url}/health`); // a page is no socket
    await answer.body?.cancel();
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
    using _closed = conn;
    await conn.write(new TextEncoder().encode(
      `GET /signal HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nUpgrade: websocket\r\n` +
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    ));
    const buffer = new Uint8Array(1_000);
    const length = await conn.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, length));
  };
  await using _one = await connect(signal.url);
  {
    await using _two = await connect(signal.url);
    assert.match(
      String(await knock("127.0.0.1")),
      /^HTTP\/1\.1 429 [^]*"At most 2 sockets an address"/,
    );
    assert.match(String(await knock("192.0.2.1")), /^HTTP\/1\.1 101 /);
    using third = await RawSocket.connect(signal.port).catch(() => undefined);
    assert.equal(third, undefined);
  }
  await using again = await connect(signal.url);
  again.send({ t: "ping" });
  assert.deepEqual(await again.next(), { t: "pong" });
});

Deno.test("a handshake that is none is told why", async () => {
  await using signal = await broker();
  const ask = async (change: (request: string) => string): Promise<string> => {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
    await conn.write(new TextEncoder().encode(change(
      "GET /signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )));
    const buffer = new Uint8Array(1_000);
    return new TextDecoder().decode(buffer.subarray(0, await conn.read(buffer) ?? 0));
  };
  const good = await ask((request) => request);
  assert.match(good, /^HTTP\/1\.1 101 [^]*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
  assert.doesNotMatch(good, /deflate/);
  assert.match(await ask((request) => request.replace("13", "8")), /^HTTP\/1\.1 426 /);
  assert.match(await ask((request) => request.replace("dGhl", "")), /^HTTP\/1\.1 400 /);
  assert.match(await ask((request) => request.replace("/signal", "/")), /^HTTP\/1\.1 404 /);
  await assertServes(signal);
});

Deno.test("what a client says in the same breath as its handshake is heard", async () => {
  await using signal = await broker();
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
  const request = new TextEncoder().encode(
    "GET /signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await conn.write(new Uint8Array([...request, ...frame('{"t":"ping"}')]));
  const buffer = new Uint8Array(1_000);
  let text = "";
  while (!text.includes('{"t":"pong"}')) {
    const length = await conn.read(buffer);
    assert(length !== null);
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
});

const IMPATIENT: ServerTimes = {
  headWithinMs: 1,
  requestWithinMs: 60_000,
  nextRequestWithinMs: 1,
};

Deno.test("who does not finish a request's head, or asks for nothing more, is let go", async () => {
  const server = await serve({
    hostname: "127.0.0.1",
    port: 0,
    connections: 10,
    backlog: 10,
    times: IMPATIENT,
    handle: () => new Response("here"),
    upgrade: (_request, _info, upgrade) => upgrade.refuse(404, "none here"),
  });
  const untilClosed = async (said: string): Promise<string> => {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await conn.write(new TextEncoder().encode(said));
    const buffer = new Uint8Array(1_000);
    let text = "";
    for (let length; (length = await conn.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, length));
    }
    return text;
  };
  assert.equal(await untilClosed(""), "");
  assert.equal(await untilClosed("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "), "");
  assert.match(await untilClosed("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), /here$/);
  await server.shutdown();
});

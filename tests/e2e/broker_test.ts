import assert from "node:assert/strict";
import { createLogger } from "../../src/base/mod.ts";
import { type Broker, type BrokerOptions, startBroker } from "../../src/signal/mod.ts";
import { SDP_BYTES } from "../../src/signaling/mod.ts";
import { type BrokerClient, connect, connectHost, settled } from "./broker_client.ts";
import { CANDIDATE, SDP, sessionsOpen } from "./broker_scenes.ts";

/** A broker of the test's own, and what it logs. */
async function broker(options: BrokerOptions = {}): Promise<Broker & { lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger({ name: "signal", write: (line) => lines.push(line) });
  return Object.assign(await startBroker({ port: 0, log, ...options }), { lines });
}

/** Opens a session between a Host and a visitor, up to the offer. */
async function offered(host: BrokerClient, visitor: BrokerClient, sessionId: string) {
  visitor.send({ t: "offer", podId: "cafe", sessionId, sdp: SDP });
  assert.deepEqual(await host.next(), { t: "offer", sessionId, sdp: SDP });
}

Deno.test("a Host may register several pods on one socket, and is told which is asked for", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe", "bar");
  await using visitor = await connect(signal.url);
  for (const podId of ["cafe", "bar"]) {
    visitor.send({ t: "offer", podId, sessionId: `to-${podId}`, sdp: SDP });
    assert.deepEqual(await host.next(), { t: "offer", podId, sessionId: `to-${podId}`, sdp: SDP });
  }
});

Deno.test("a visitor who leaves before the answer ends the session, and the Host is told", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  const visitor = await connect(signal.url);
  await offered(host, visitor, "s");
  await visitor.close();
  assert.deepEqual(await host.next(), { t: "error", sessionId: "s", message: "visitor left" });
});

Deno.test("a visitor who leaves after the answer leaves the Host's late candidates unblamed", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  const visitor = await connect(signal.url);
  await offered(host, visitor, "s");
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  await visitor.next();
  await visitor.close();
  await sessionsOpen(signal.url, 0);
  host.send({ t: "candidate", sessionId: "s", candidate: CANDIDATE });
  host.send({ t: "ping" });
  assert.deepEqual(await host.next(), { t: "pong" });
});

Deno.test("a Host that leaves ends its sessions, and visitors who wait are told", async () => {
  await using signal = await broker();
  const host = await connectHost(signal.url, "cafe");
  await using waiting = await connect(signal.url);
  await using answered = await connect(signal.url);
  await offered(host, waiting, "s");
  await offered(host, answered, "t");
  host.send({ t: "answer", sessionId: "t", sdp: SDP });
  await answered.next();
  await host.close();
  assert.deepEqual(await waiting.next(), { t: "error", sessionId: "s", message: "origin offline" });
  assert.deepEqual(await settled(answered), []);
  await sessionsOpen(signal.url, 0);
});

Deno.test("a registration passes one function that may refuse it", async () => {
  await using signal = await broker({
    admit: ({ podId }) =>
      Promise.resolve(
        podId === "claimed"
          ? {
            admitted: false,
            message: "pod id is claimed by another owner",
            closeCode: 4003,
          }
          : { admitted: true },
      ),
  });
  await using host = await connectHost(signal.url, "free");
  host.send({ t: "register", podId: "claimed" });
  assert.deepEqual(await host.next(), {
    t: "error",
    message: "pod id is claimed by another owner",
  });
  assert.equal((await host.closed).code, 4003);
});

Deno.test("a broker that stops closes its sockets with 4012 and then answers nobody", async () => {
  const signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await signal.stop();
  assert.equal((await host.closed).code, 4012);
  await assert.rejects(fetch(`${signal.url}/health`));
});

Deno.test("health counts, and never lists", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "secret-pod");
  await using visitor = await connect(signal.url);
  visitor.send({ t: "offer", podId: "secret-pod", sessionId: "s", sdp: SDP });
  await host.next();
  const text = await (await fetch(`${signal.url}/health`)).text();
  const { version, uptime_s, ...counts } = JSON.parse(text);
  assert.deepEqual(counts, { ok: true, origins: 1, sessions: 1, registry: "memory" });
  assert(typeof version === "string" && typeof uptime_s === "number");
  assert(!text.includes("secret-pod"));
});

Deno.test("no log line holds an SDP, a candidate or an address", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  await offered(host, visitor, "s");
  for (let i = 0; i < 65; i++) {
    visitor.send({ t: "candidate", sessionId: "s", candidate: CANDIDATE });
  }
  await visitor.closed;
  await signal.stop();
  const log = signal.lines.join("\n");
  assert.match(log, /origin_registered {2}pod=cafe/);
  assert.match(log, /over_limit/);
  assert.doesNotMatch(log, /secret-sdp|candidate:|192\.0\.2|127\.0\.0\.1/);
});

Deno.test("a port that is taken is said in a sentence", async () => {
  await using signal = await broker();
  await assert.rejects(broker({ port: signal.port }), { code: "port_taken" });
});

Deno.test("a request for /signal that is no WebSocket is told so", async () => {
  await using signal = await broker();
  const answer = await fetch(`${signal.url}/signal`);
  assert.equal(answer.status, 426);
  await answer.body?.cancel();
});

/** A socket that reads only when a test tells it to, as no WebSocket of a library would. */
async function deafClient(signal: Broker): Promise<Deno.TcpConn> {
  const line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
  await line.write(new TextEncoder().encode(
    "GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  ));
  await line.read(new Uint8Array(1024)); // 101
  return line;
}

/** A message in a frame: one byte of length, masked with zeros (RFC 6455 5.2). */
function frame(message: object): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(message));
  assert(payload.length < 126);
  return new Uint8Array([0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload]);
}

Deno.test("a Host that does not keep up is spared what visitors send, and they are told", async () => {
  await using signal = await broker({ limits: "off" });
  using line = await deafClient(signal);
  await line.write(frame({ t: "register", podId: "cafe" }));
  await line.read(new Uint8Array(1024)); // registered

  await using visitor = await connect(signal.url);
  const sdp = "x".repeat(SDP_BYTES);
  const offers = 400; // 25 MiB: more than the sockets between them hold
  for (let i = 0; i < offers; i++) {
    visitor.send({ t: "offer", podId: "cafe", sessionId: `s${i}`, sdp });
  }
  assert.deepEqual((await settled(visitor)).at(-1), {
    t: "error",
    sessionId: `s${offers - 1}`,
    message: "the other side does not keep up",
  });

  // It reads again: it was never closed, and is asked for as before.
  const text = new TextDecoder();
  let heard = "";
  async function listen(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    for (let size = await line.read(buffer); size; size = await line.read(buffer)) {
      heard = heard.slice(-1000) + text.decode(buffer.subarray(0, size));
      if (heard.includes("after-all")) return;
    }
  }
  const listening = listen();
  do visitor.send({ t: "offer", podId: "cafe", sessionId: "after-all", sdp: SDP }); while (
    (await settled(visitor)).length > 0
  );
  await listening;
  assert.match(heard, /after-all/);
});

Deno.test("a client that does not read the answers to its own messages is let go", async () => {
  await using signal = await broker({ limits: "off" });
  using line = await deafClient(signal);
  await line.write(frame({ t: "register", podId: "cafe" }));
  await line.read(new Uint8Array(1024)); // registered
  // 19 MB of answers: more than the sockets between them hold
  const questions = new Uint8Array(Array(250_000).fill([...frame({})]).flat());
  const asked = writeAll(line, questions);
  const deadline = performance.now() + 60_000;
  const origins = async () => (await (await fetch(`${signal.url}/health`)).json()).origins;
  while (await origins() === 1) assert(performance.now() < deadline, "it is never let go");
  await asked;
});

/** Writes all, unless the line is closed under it. */
async function writeAll(line: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await line.write(bytes.subarray(at));
  } catch (error) {
    const { ConnectionReset, BrokenPipe } = Deno.errors;
    assert(error instanceof ConnectionReset || error instanceof BrokenPipe, String(error));
  }
}

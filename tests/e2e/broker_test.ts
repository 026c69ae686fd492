import assert from "node:assert/strict";
import { createLogger } from "../../src/base/mod.ts";
import { type Broker, type BrokerOptions, startBroker } from "../../src/signal/mod.ts";
import { MESSAGE_BYTES, SDP_BYTES } from "../../src/signaling/mod.ts";
import { type BrokerClient, connect, connectHost, settled } from "./broker_client.ts";

/** A broker of the test's own, and what it logs. */
async function broker(options: BrokerOptions = {}): Promise<Broker & { lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger({ name: "signal", write: (line) => lines.push(line) });
  return Object.assign(await startBroker({ port: 0, log, ...options }), { lines });
}

const SDP = "v=0\r\nsecret-sdp\r\n";
const CANDIDATE = { candidate: "candidate:1 1 UDP 1 192.0.2.7 9 typ host", sdpMid: "0" };

/** Opens a session between a Host and a visitor, up to the offer. */
async function offered(host: BrokerClient, visitor: BrokerClient, sessionId: string) {
  visitor.send({ t: "offer", podId: "cafe", sessionId, sdp: SDP });
  assert.deepEqual(await host.next(), { t: "offer", sessionId, sdp: SDP });
}

Deno.test("a Host registers, a visitor offers, the Host answers, candidates go both ways", async () => {
  await using signal = await broker();
  await using host = await connect(signal.url);
  await using visitor = await connect(signal.url);
  host.send({ t: "register", podId: "cafe" });
  assert.deepEqual(await host.next(), { t: "registered", podId: "cafe" });

  await offered(host, visitor, "s");
  visitor.send({ t: "candidate", podId: "cafe", sessionId: "s", candidate: CANDIDATE });
  assert.deepEqual(await host.next(), { t: "candidate", sessionId: "s", candidate: CANDIDATE });
  host.send({ t: "candidate", sessionId: "s", candidate: CANDIDATE });
  assert.deepEqual(await visitor.next(), { t: "candidate", sessionId: "s", candidate: CANDIDATE });
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
});

Deno.test("that there are no more candidates is passed on, as null and as an empty one", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  await offered(host, visitor, "s");
  for (const candidate of [null, { candidate: "", sdpMid: "0", sdpMLineIndex: 0 }]) {
    visitor.send({ t: "candidate", podId: "cafe", sessionId: "s", candidate });
    assert.deepEqual(await host.next(), { t: "candidate", sessionId: "s", candidate });
    host.send({ t: "candidate", sessionId: "s", candidate });
    assert.deepEqual(await visitor.next(), { t: "candidate", sessionId: "s", candidate });
  }
});

Deno.test("an offer for a pod that nobody registered gets: origin offline", async () => {
  await using signal = await broker();
  await using visitor = await connect(signal.url);
  visitor.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "error", sessionId: "s", message: "origin offline" });
});

Deno.test("a Host may register several pods on one socket, and is told which is asked for", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe", "bar");
  await using visitor = await connect(signal.url);
  for (const podId of ["cafe", "bar"]) {
    visitor.send({ t: "offer", podId, sessionId: `to-${podId}`, sdp: SDP });
    assert.deepEqual(await host.next(), { t: "offer", podId, sessionId: `to-${podId}`, sdp: SDP });
  }
});

Deno.test("registering a pod again on the same socket is answered and changes nothing", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  host.send({ t: "register", podId: "cafe" });
  assert.deepEqual(await host.next(), { t: "registered", podId: "cafe" });
  await offered(host, visitor, "s");
});

Deno.test("a newer registration closes the older socket with 4001, its other pods with it", async () => {
  await using signal = await broker();
  await using older = await connectHost(signal.url, "cafe", "bar");
  await using newer = await connectHost(signal.url, "cafe");
  assert.deepEqual(await older.closed, { code: 4001, reason: "replaced by new origin" });
  await using visitor = await connect(signal.url);
  await offered(newer, visitor, "s");
  visitor.send({ t: "offer", podId: "bar", sessionId: "t", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "error", sessionId: "t", message: "origin offline" });
});

Deno.test("an error goes to the other side, and before the answer it ends the session", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  await offered(host, visitor, "s");
  host.send({ t: "error", sessionId: "s", message: "full" });
  assert.deepEqual(await visitor.next(), { t: "error", sessionId: "s", message: "full" });
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await host.next(), {
    t: "error",
    sessionId: "s",
    message: "unknown session",
  });

  await offered(host, visitor, "t");
  host.send({ t: "answer", sessionId: "t", sdp: SDP });
  await visitor.next();
  visitor.send({ t: "error", sessionId: "t", message: "no path" });
  assert.deepEqual(await host.next(), { t: "error", sessionId: "t", message: "no path" });
});

Deno.test("an offer with a session id that is in use is refused, and the session goes on", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  await using stranger = await connect(signal.url);
  await offered(host, visitor, "s");
  for (const client of [stranger, visitor]) {
    client.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: "v=1" });
    assert.deepEqual(await client.next(), {
      t: "error",
      sessionId: "s",
      message: "the session id is in use",
    });
  }
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
  await settled(host);
  assert(host.quiet);
});

Deno.test("nobody but its two sockets can answer a session, add to it or end it", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  await using otherHost = await connectHost(signal.url, "bar");
  await using otherVisitor = await connect(signal.url);
  otherVisitor.send({ t: "offer", podId: "nobody", sessionId: "t", sdp: SDP });
  await otherVisitor.next();
  await offered(host, visitor, "s");
  for (const stranger of [otherHost, otherVisitor]) {
    for (
      const message of [
        { t: "answer", sessionId: "s", sdp: "v=1" },
        { t: "candidate", sessionId: "s", candidate: CANDIDATE },
        { t: "error", sessionId: "s", message: "gone" },
      ]
    ) {
      stranger.send(message);
      assert.deepEqual(await stranger.next(), {
        t: "error",
        sessionId: "s",
        message: "unknown session",
      });
    }
  }
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
  await settled(host);
  assert(host.quiet && visitor.quiet);
});

Deno.test("a socket stays what it became with its first message", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  host.send({ t: "offer", podId: "cafe", sessionId: "s", sdp: SDP });
  assert.deepEqual(await host.next(), {
    t: "error",
    sessionId: "s",
    message: "a Host cannot make an offer",
  });
  await offered(host, visitor, "s");
  visitor.send({ t: "register", podId: "bar" });
  assert.deepEqual(await visitor.next(), {
    t: "error",
    message: "a visitor cannot register a pod",
  });
  visitor.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), {
    t: "error",
    sessionId: "s",
    message: "a visitor cannot answer an offer",
  });
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await visitor.next(), { t: "answer", sessionId: "s", sdp: SDP });
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  assert.deepEqual(await host.next(), {
    t: "error",
    sessionId: "s",
    message: "the session is answered already",
  });
});

const nonsense: readonly [name: string, message: string | object, reply: object][] = [
  ["null", "null", { message: "Cannot read the message: expected a JSON object" }],
  ["broken JSON", '{"t":', { message: "Cannot read the message: it is not JSON" }],
  ["bytes", new Uint8Array([1, 2]), { message: "Cannot read the message: expected JSON text" }],
  ["an unknown type", { t: "shout" }, { message: 'Cannot read the message: unknown type "t"' }],
  ["a register without a pod", { t: "register" }, {
    message: 'Cannot read "register": its podId must be a string of 1 to 128 characters',
  }],
  ["an offer without sdp", { t: "offer", podId: "cafe", sessionId: "s" }, {
    sessionId: "s",
    message: 'Cannot read "offer": its sdp must be a string that is not empty',
  }],
  ["a candidate of no session", { t: "candidate", sessionId: "s", candidate: null }, {
    sessionId: "s",
    message: "unknown session",
  }],
];

for (const [name, message, reply] of nonsense) {
  Deno.test(`${name} gets an error, and the socket is still good`, async () => {
    await using signal = await broker();
    await using client = await connect(signal.url);
    client.send(message);
    assert.deepEqual(await client.next(), { t: "error", ...reply });
    client.send({ t: "register", podId: "cafe" });
    assert.deepEqual(await client.next(), { t: "registered", podId: "cafe" });
  });
}

Deno.test("an error without a session is nobody's, and is not answered", async () => {
  await using signal = await broker();
  await using client = await connect(signal.url);
  client.send({ t: "error", message: "you are wrong" });
  client.send({ t: "ping" });
  assert.deepEqual(await client.next(), { t: "pong" });
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
  await sessionsOpen(signal, 0);
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
  await settled(answered);
  assert(answered.quiet);
  await sessionsOpen(signal, 0);
});

/** Waits until the broker counts so many sessions. */
async function sessionsOpen(signal: Broker, sessions: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while ((await (await fetch(`${signal.url}/health`)).json()).sessions !== sessions) {
    assert(performance.now() < deadline, `there are never ${sessions} sessions`);
  }
}

/** Checks for an error message and then close 4029. */
async function overLimit(client: BrokerClient, sessionId?: string): Promise<void> {
  const message = await client.next();
  assert(typeof message === "object" && message !== null && "t" in message);
  assert.equal(message.t, "error");
  assert.equal("sessionId" in message ? message.sessionId : undefined, sessionId);
  assert.equal((await client.closed).code, 4029);
}

Deno.test("a message over 128 KiB is over a limit: an error, then close 4029", async () => {
  await using signal = await broker();
  await using client = await connect(signal.url);
  client.send(" ".repeat(MESSAGE_BYTES + 1));
  await overLimit(client);
});

Deno.test("an sdp of 64 KiB is passed on, a longer one is over a limit", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  const sdp = "x".repeat(SDP_BYTES);
  visitor.send({ t: "offer", podId: "cafe", sessionId: "s", sdp });
  assert.deepEqual(await host.next(), { t: "offer", sessionId: "s", sdp });
  visitor.send({ t: "offer", podId: "cafe", sessionId: "t", sdp: sdp + "x" });
  await overLimit(visitor, "t");
});

Deno.test("a visitor may send 64 candidates a session; one more is over a limit", async () => {
  await using signal = await broker();
  await using host = await connectHost(signal.url, "cafe");
  await using visitor = await connect(signal.url);
  await offered(host, visitor, "s");
  const message = { t: "candidate", podId: "cafe", sessionId: "s", candidate: CANDIDATE };
  for (let i = 0; i < 64; i++) visitor.send(message);
  for (let i = 0; i < 64; i++) await host.next();
  visitor.send(message);
  await overLimit(visitor, "s");
});

Deno.test("the 61st new session of an address within a minute is over a limit", async () => {
  await using signal = await broker();
  await using visitor = await connect(signal.url);
  for (let i = 0; i < 60; i++) {
    visitor.send({ t: "offer", podId: "cafe", sessionId: `s${i}`, sdp: SDP });
    await visitor.next();
  }
  await using another = await connect(signal.url);
  another.send({ t: "offer", podId: "cafe", sessionId: "s60", sdp: SDP });
  await overLimit(another, "s60");
});

Deno.test("with limits off nothing is counted by address", async () => {
  await using signal = await broker({ limits: "off" });
  await using visitor = await connect(signal.url);
  for (let i = 0; i < 200; i++) {
    visitor.send({ t: "offer", podId: "cafe", sessionId: `s${i}`, sdp: SDP });
    assert.deepEqual(await visitor.next(), {
      t: "error",
      sessionId: `s${i}`,
      message: "origin offline",
    });
  }
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

/** A Host that registers a pod and then never reads again, as no WebSocket of a library would. */
async function deafHost(signal: Broker, podId: string): Promise<Deno.TcpConn> {
  const line = await Deno.connect({ hostname: "127.0.0.1", port: signal.port });
  const text = new TextEncoder();
  await line.write(text.encode(
    "GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  ));
  await line.read(new Uint8Array(1024)); // 101
  const payload = text.encode(JSON.stringify({ t: "register", podId }));
  assert(payload.length < 126); // one byte of length: RFC 6455 5.2, masked with zeros
  await line.write(new Uint8Array([0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload]));
  await line.read(new Uint8Array(1024)); // registered
  return line;
}

Deno.test("a client that does not read is let go before it fills the broker's memory", async () => {
  await using signal = await broker({ limits: "off" });
  using _line = await deafHost(signal, "cafe");
  await using visitor = await connect(signal.url);
  const sdp = "x".repeat(SDP_BYTES);
  const offers = 400; // 25 MiB: more than the sockets between them hold
  for (let i = 0; i < offers; i++) {
    visitor.send({ t: "offer", podId: "cafe", sessionId: `s${i}`, sdp });
  }
  visitor.send({ t: "offer", podId: "cafe", sessionId: "last", sdp: SDP });
  let message: unknown;
  do message = await visitor.next(); while (!JSON.stringify(message).includes('"last"'));
  assert.deepEqual(message, { t: "error", sessionId: "last", message: "origin offline" });
});

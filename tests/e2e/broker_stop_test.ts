import assert from "node:assert/strict";
import { connectHost } from "./broker_client.ts";
import { type BrokerProcess, startSignal } from "./broker_scenes.ts";
import { smallPage, store } from "./small_page.ts";

const isWindows = Deno.build.os === "windows"; // there are no signals to send there

/** A TCP connection to a broker that says exactly what a test tells it to. */
async function raw(url: string): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(url);
  return await Deno.connect({ hostname, port: Number(port) });
}

async function write(conn: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** What comes until the other end closes, or until it matches. */
async function readUntil(conn: Deno.Conn, pattern: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  while (!pattern.test(text)) {
    const size = await conn.read(buffer);
    if (size === null) break;
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  return text;
}

/** Begins an upload, and waits until the broker takes it in. Returns what is still to be sent. */
async function beginUpload(conn: Deno.Conn): Promise<string> {
  const body = smallPage();
  const length = new TextEncoder().encode(body).length;
  await write(
    conn,
    `POST /pods HTTP/1.1\r\nhost: broker\r\ncontent-type: text/html\r\n` +
      `content-length: ${length}\r\nexpect: 100-continue\r\n\r\n`,
  );
  assert.match(await readUntil(conn, /\r\n\r\n/), /^HTTP\/1\.1 100 /);
  await write(conn, body.slice(0, 100));
  return body.slice(100);
}

/** Tells a broker to stop, and waits until it does. */
async function tellToStop({ running }: BrokerProcess): Promise<void> {
  running.kill("SIGTERM");
  await running.line(/"event":"stopping"/);
}

Deno.test({
  name: "a stopping broker lets an upload finish that has begun, and takes nothing new",
  ignore: isWindows,
  async fn() {
    await using broker = await startSignal();
    await using host = await connectHost(broker.url, "cafe");
    using upload = await raw(broker.url);
    const rest = await beginUpload(upload);
    await tellToStop(broker);
    assert.equal((await host.closed).code, 4012);
    await assert.rejects(store(broker.url, smallPage("new")));
    await write(upload, rest);
    assert.match(await readUntil(upload, /\}/), /^HTTP\/1\.1 201 /);
    assert.equal((await broker.running.status).code, 0);
    assert(!broker.running.lines.some((line) => line.includes("requests_cut")));
  },
});

/** Clients that do not let go, by what they do. */
const clingers: Readonly<Record<string, (url: string) => Promise<Deno.TcpConn>>> = {
  "an upload that never ends": async (url) => {
    const conn = await raw(url);
    await beginUpload(conn);
    return conn;
  },
  "a request whose head never ends": async (url) => {
    const conn = await raw(url);
    await write(conn, "GET /health HTTP/1.1\r\nhost: broker\r\n");
    return conn;
  },
  "a page that nobody reads": async (url) => {
    const id = await store(url, smallPage(`<!--${"x".repeat(20 * 1024 * 1024)}-->`));
    const conn = await raw(url);
    await write(conn, `GET /${id} HTTP/1.1\r\nhost: broker\r\n\r\n`);
    await conn.read(new Uint8Array(1));
    return conn;
  },
  "a WebSocket that answers no close": async (url) => {
    const conn = await raw(url);
    await write(
      conn,
      "GET /signal HTTP/1.1\r\nhost: broker\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
        "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    assert.match(await readUntil(conn, /\r\n\r\n/), /^HTTP\/1\.1 101 /);
    return conn;
  },
};

for (const [what, cling] of Object.entries(clingers)) {
  Deno.test({
    name: `a broker that is told to stop ends by itself, whatever holds it: ${what}`,
    ignore: isWindows,
    async fn() {
      await using broker = await startSignal("--limits", "off");
      using _held = await cling(broker.url);
      await tellToStop(broker);
      assert.equal((await broker.running.status).code, 0, broker.running.lines.join("\n"));
      await broker.running.line(/"event":"stopped"/);
    },
  });
}

Deno.test({
  name: "a second signal ends a stopping broker at once",
  ignore: isWindows,
  async fn() {
    await using broker = await startSignal();
    using upload = await raw(broker.url);
    await beginUpload(upload);
    await tellToStop(broker);
    broker.running.kill("SIGTERM");
    assert.equal((await broker.running.status).signal, "SIGTERM");
  },
});

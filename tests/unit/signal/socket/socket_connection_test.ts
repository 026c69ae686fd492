import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createLogger } from "../../../../src/base/mod.ts";
import { Hub } from "../../../../src/signal/hub.ts";
import { DEFAULT_LIMITS } from "../../../../src/signal/limits.ts";
import { type Line, SocketConnection } from "../../../../src/signal/socket/socket_connection.ts";
import { frame } from "../../../e2e/raw_socket.ts";

/** A line that keeps what is written to it, and whose client may stop reading. */
class FakeLine implements Line {
  readonly written: string[] = [];
  ended = false;
  destroyed = false;
  writableLength = 0;
  paused = false;
  readonly #listeners = new Map<string, ((chunk: Buffer) => void)[]>();

  write(bytes: Uint8Array): void {
    this.written.push(Buffer.from(bytes).toString("latin1"));
  }

  end(bytes: Uint8Array): void {
    this.write(bytes);
    this.ended = true;
  }

  resume(): void {
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }

  on(event: string, listener: (chunk: Buffer) => void): void {
    this.#listeners.set(event, [...this.#listeners.get(event) ?? [], listener]);
  }

  emit(event: string, chunk: Uint8Array = new Uint8Array()): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(Buffer.from(chunk));
  }
}

function connected(): { line: FakeLine; hub: Hub; connection: SocketConnection; closed(): number } {
  const log = createLogger({ name: "signal", write: () => {} });
  const hub = new Hub({ limits: DEFAULT_LIMITS, log, now: () => 0 });
  const line = new FakeLine();
  let closed = 0;
  const owner = { closed: () => closed++ };
  const { unsentBytes } = DEFAULT_LIMITS;
  const connection = new SocketConnection(line, { hub, address: "a", unsentBytes, owner });
  return { line, hub, connection, closed: () => closed };
}

const PING = frame('{"t":"ping"}');
const TOO_MUCH = "\x88\x1b\x0f\xbdtoo much waits to be read"; // 4029
const PONG_TEXT = '\x81\x0c{"t":"pong"}';

Deno.test("what is answered within one turn leaves in one write", async () => {
  const { line } = connected();
  line.emit("data", Buffer.concat([PING, PING, PING]));
  await Promise.resolve();
  assert.deepEqual(line.written, [PONG_TEXT.repeat(3)]);
  line.destroy();
});

Deno.test("a line without a word is asked after 30 s, and let go after 60 s", async () => {
  const { line, connection, closed } = connected();
  for (let i = 0; i < 6; i++) connection.sweep(); // every 5 s
  await Promise.resolve();
  assert.deepEqual(line.written, ["\x89\x00"]);
  line.emit("data", frame("", { opcode: 10 })); // a pong
  for (let i = 0; i < 11; i++) connection.sweep();
  assert(!line.destroyed);
  connection.sweep();
  assert(line.destroyed);
  assert.equal(closed(), 1);
});

Deno.test("who does not read is closed with 4029, and the hub forgets it", async () => {
  const { line, hub } = connected();
  line.emit("data", frame('{"t":"register","podId":"cafe"}'));
  await Promise.resolve();
  assert.equal(hub.origins, 1);
  line.writableLength = DEFAULT_LIMITS.unsentBytes + 1;
  line.emit("data", PING);
  assert(line.ended);
  assert.equal(line.written.at(-1), TOO_MUCH);
  await Promise.resolve();
  assert.equal(hub.origins, 0);
  line.destroy();
});

Deno.test("who floods with pings and does not read is closed with 4029", () => {
  const { line } = connected();
  line.writableLength = DEFAULT_LIMITS.unsentBytes + 1;
  line.emit("data", frame("", { opcode: 9 }));
  assert.equal(line.written.at(-1), TOO_MUCH);
  line.destroy();
});

Deno.test("what was said before a goodbye goes out before it", () => {
  const { line, connection } = connected();
  connection.send({ t: "ping" });
  connection.close(4012, "bye");
  connection.send({ t: "ping" });
  assert.deepEqual(line.written, ['\x81\x0c{"t":"ping"}', "\x88\x05\x0f\xacbye"]);
  line.destroy();
});

Deno.test("whoever goes on talking after the goodbye is not read for long", () => {
  const { line, connection } = connected();
  connection.close(4029, "enough");
  for (let i = 0; i < 4; i++) line.emit("data", new Uint8Array(64 * 1024));
  assert(!line.paused);
  line.emit("data", new Uint8Array(1));
  assert(line.paused);
  line.destroy();
});

Deno.test("of what comes at once a part is read, the rest when others had their turn", async () => {
  const { line, connection } = connected();
  const many = Buffer.concat(Array.from({ length: 4_000 }, () => PING)); // 76 KB
  line.emit("data", many);
  assert(line.paused);
  await Promise.resolve();
  const pongs = () => line.written.join("").split("pong").length - 1;
  assert(pongs() > 0 && pongs() < 2_000, `${pongs()}`);
  while (line.paused) await new Promise((resolve) => setTimeout(resolve));
  await Promise.resolve();
  assert.equal(pongs(), 4_000);
  connection.close(1000, "");
  line.destroy();
});

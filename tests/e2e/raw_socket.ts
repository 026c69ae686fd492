import { utf8Encode } from "../../src/base/mod.ts";

/** What a client asks with. The key is 16 zeros; nobody here checks the answer to it. */
const UPGRADE = utf8Encode(
  "GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
);

/** Kinds of frames (RFC 6455 5.2). */
export const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

/** Bytes that are read at once where nothing else is said. */
const READ_BYTES = 4096;

/** How a frame differs from the final, masked one that a good client sends. */
export interface FrameOptions {
  /** @default OPCODE.TEXT */
  opcode?: number;
  /** The bits before the opcode: 0x80 the last of a message. @default 0x80 */
  bits?: number;
  /** What the length says, where that is not the payload's. */
  announced?: number;
  /** @default zeros, which leave the payload as it is */
  mask?: readonly [number, number, number, number] | "none";
}

/** The bytes of one frame of a client. */
export function frame(
  payload: string | Uint8Array,
  options: FrameOptions = {},
): Uint8Array<ArrayBuffer> {
  const { opcode = OPCODE.TEXT, bits = 0x80, mask = [0, 0, 0, 0] } = options;
  const bytes = typeof payload === "string" ? utf8Encode(payload) : payload;
  const length = options.announced ?? bytes.length;
  const masked = mask === "none" ? 0 : 0x80;
  const head = [bits | opcode];
  if (length < 126) head.push(masked | length);
  else if (length < 65_536) head.push(masked | 126, length >> 8, length & 0xff);
  else {
    head.push(masked | 127, 0, 0, 0, Math.floor(length / 2 ** 32) & 0xff);
    head.push(length >>> 24 & 0xff, length >> 16 & 0xff, length >> 8 & 0xff, length & 0xff);
  }
  if (mask === "none") return Uint8Array.from([...head, ...bytes]);
  const whole = new Uint8Array(head.length + 4 + bytes.length);
  whole.set(head);
  whole.set(mask, head.length);
  const at = head.length + 4;
  for (let i = 0; i < bytes.length; i++) whole[at + i] = (bytes[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return whole;
}

/**
 * A WebSocket client made of nothing but its bytes: it says what no library would, and costs so
 * little that a load test measures the broker.
 */
export class RawSocket implements Disposable {
  /** Takes each frame: its bytes are `buffer` from `start` to `end`, and lie there only now. */
  onFrame: (opcode: number, buffer: Uint8Array, start: number, end: number) => void = () => {};
  /** Settles when the line is gone. */
  readonly ended: Promise<void>;
  readonly conn: Deno.TcpConn;
  #rest: Uint8Array;

  private constructor(conn: Deno.TcpConn, early: Uint8Array, buffer: Uint8Array<ArrayBuffer>) {
    this.conn = conn;
    this.#rest = early;
    this.ended = this.#read(buffer);
  }

  /**
   * Connects to `ws://127.0.0.1:<port>/signal`.
   *
   * @param readBytes bytes that are read at once; the answer to the handshake must fit
   */
  static async connect(port: number, readBytes = READ_BYTES): Promise<RawSocket> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    await conn.write(UPGRADE);
    const buffer = new Uint8Array(readBytes);
    let length = 0;
    for (;;) {
      const got = await conn.read(buffer.subarray(length));
      if (got === null) throw new Error("Cannot connect: the broker hung up");
      length += got;
      if (length === buffer.length) throw new Error("Cannot connect: the answer is too long");
      const head = new TextDecoder().decode(buffer.subarray(0, length));
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) continue;
      if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`Cannot connect: ${head}`);
      return new RawSocket(conn, buffer.slice(end + 4, length), buffer);
    }
  }

  /** Sends bytes as they are. */
  async send(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.conn.write(bytes.subarray(sent));
  }

  [Symbol.dispose](): void {
    try {
      this.conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error; // it is closed already
    }
  }

  async #read(buffer: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      for (;;) {
        const got = await this.conn.read(buffer);
        if (got === null) return;
        this.#take(buffer.subarray(0, got));
      }
    } catch {
      // reset, or closed by us
    } finally {
      this[Symbol.dispose]();
    }
  }

  #take(chunk: Uint8Array): void {
    let data = chunk;
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + chunk.length);
      data.set(this.#rest);
      data.set(chunk, this.#rest.length);
    }
    let at = 0;
    while (data.length - at >= 2) {
      let length = (data[at + 1] ?? 0) & 0x7f;
      let head = 2;
      if (length === 126) {
        length = (data[at + 2] ?? 0) << 8 | (data[at + 3] ?? 0);
        head = 4;
      } else if (length === 127) {
        length = (data[at + 7] ?? 0) << 16 | (data[at + 8] ?? 0) << 8 | (data[at + 9] ?? 0);
        head = 10;
      }
      const end = at + head + length;
      if (data.length < Math.max(end, at + head)) break;
      this.onFrame((data[at] ?? 0) & 0x0f, data, at + head, end);
      at = end;
    }
    this.#rest = data.slice(at);
  }
}

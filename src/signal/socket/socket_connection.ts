import { Buffer } from "node:buffer";
import { type BrokerMessage, CLOSE_CODE, MESSAGE_BYTES } from "../../signaling/mod.ts";
import type { Connection } from "../connection.ts";
import type { Hub } from "../hub.ts";
import { SOCKET_IDLE_S, SWEEP_MS } from "../limits.ts";
import type { Member } from "../member.ts";
import { BYTES_AT_A_TIME, type Pausable, takeBreath } from "./breather.ts";
import { type FrameHandler, FrameReader, type ViolationCode } from "./frame_reader.ts";
import { CLOSE_FRAME, closeFrame, PING_FRAME, pongFrame, textFrame } from "./frames.ts";

/** The part of a TCP connection that a socket needs: one of `node:net` fits. */
export interface Line {
  write(bytes: Uint8Array): unknown;
  end(bytes?: Uint8Array): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
  readonly writableLength: number;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
}

/** Options of {@linkcode SocketConnection}. */
export interface SocketConnectionOptions {
  readonly hub: Hub;
  /** What limits count the client by. */
  readonly address: string;
  /** Bytes that may wait for this client. */
  readonly unsentBytes: number;
  /** Is told when the line is gone. */
  readonly owner: { closed(connection: SocketConnection): void };
}

/** Milliseconds between our goodbye and the end of the line, for the client to say its own. */
const CLOSE_WITHIN_MS = 1_000;

/**
 * Milliseconds for what is left of a message that is too large: where a line ends with bytes unread
 * it is reset (Deno 2.6 reads none after our goodbye), and the goodbye is lost with it.
 */
const REST_WITHIN_MS = 50;

/**
 * Bytes after our goodbye that are thrown away, so that a client's own is reached. Whoever sends
 * more is not read any more: throwing away is work, too.
 */
const DISCARDED_BYTES = 256 * 1024;

/** Sweeps without a byte after which a client is asked, and after which it is gone. */
const ASK_AFTER_SWEEPS = SOCKET_IDLE_S * 1_000 / SWEEP_MS / 2;
const GONE_AFTER_SWEEPS = SOCKET_IDLE_S * 1_000 / SWEEP_MS;

/** Connections that have something to send at the end of this turn. */
const unflushed: SocketConnection[] = [];

/** A WebSocket between the hub and a client. Lines that died without a word are found by its ping. */
export class SocketConnection implements Connection, FrameHandler, Pausable {
  readonly address: string;
  readonly #line: Line;
  readonly #hub: Hub;
  readonly #member: Member;
  readonly #reader: FrameReader;
  readonly #unsentBytes: number;
  /** Frames of this turn: they leave together. And their bytes. */
  #unsent: Uint8Array[] | undefined;
  #unsentLength = 0;
  #closing = false;
  #discarded = 0;
  /** Whether a message is on its way of which the rest is not read. */
  #midMessage = false;
  /** Bytes that came since it last had to wait for others. */
  #sinceBreath = 0;
  /** What came and is read when others had their turn. */
  #rest: Buffer | undefined;
  #quietSweeps = 0;

  constructor(line: Line, options: SocketConnectionOptions) {
    this.address = options.address;
    this.#line = line;
    this.#hub = options.hub;
    this.#unsentBytes = options.unsentBytes;
    this.#reader = new FrameReader(this, MESSAGE_BYTES);
    this.#member = options.hub.join(this);
    line.on("data", (chunk) => this.#take(chunk));
    line.on("end", () => this.#hangUp(CLOSE_FRAME));
    line.on("close", () => {
      this.#closing = true;
      this.#hub.leave(this.#member);
      options.owner.closed(this);
    });
  }

  get busy(): boolean {
    return this.#waiting > this.#unsentBytes / 2;
  }

  send(message: BrokerMessage): void {
    if (this.#closing) return;
    if (this.#waiting <= this.#unsentBytes) {
      return this.#write(textFrame(JSON.stringify(message)));
    }
    this.close(CLOSE_CODE.LIMIT, "too much waits to be read");
    queueMicrotask(() => this.#hub.leave(this.#member)); // the hub is in the middle of something
  }

  close(code: number, reason: string): void {
    this.#hangUp(closeFrame(code, reason));
  }

  /** Counts one more turn without a word: asks, or lets go. */
  sweep(): void {
    const quiet = ++this.#quietSweeps;
    if (quiet >= GONE_AFTER_SWEEPS) this.#line.destroy();
    else if (quiet === ASK_AFTER_SWEEPS && !this.#closing) this.#write(PING_FRAME);
  }

  pause(): void {
    this.#line.pause();
  }

  resume(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    this.#line.resume();
    if (rest !== undefined) this.#take(rest);
  }

  onMessage(message: string | Uint8Array): void {
    this.#hub.receive(this.#member, message);
  }

  onTooLarge(): void {
    this.#midMessage = true;
    this.#hub.refuseTooLarge(this.#member);
  }

  onPing(payload: Uint8Array): void {
    if (this.#waiting <= this.#unsentBytes) this.#write(pongFrame(payload));
    else this.close(CLOSE_CODE.LIMIT, "too much waits to be read");
  }

  onClose(code: number | undefined): void {
    this.#hangUp(code === undefined ? CLOSE_FRAME : closeFrame(code, ""));
    this.#hub.leave(this.#member);
  }

  onViolation(code: ViolationCode, reason: string): void {
    this.close(code, reason);
    this.#hub.leave(this.#member);
  }

  #take(chunk: Buffer): void {
    this.#quietSweeps = 0;
    if (this.#closing) {
      this.#discarded += chunk.length;
      if (this.#discarded > DISCARDED_BYTES) this.#line.pause();
      return;
    }
    const room = BYTES_AT_A_TIME - this.#sinceBreath;
    this.#sinceBreath += chunk.length;
    this.#reader.read(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length < room) return;
    this.#sinceBreath = 0;
    if (chunk.length > room) this.#rest = chunk.subarray(room);
    takeBreath(this);
  }

  /** Bytes that wait for the client. */
  get #waiting(): number {
    return this.#line.writableLength + this.#unsentLength;
  }

  #write(frame: Uint8Array): void {
    this.#unsentLength += frame.length;
    if (this.#unsent !== undefined) this.#unsent.push(frame);
    else {
      this.#unsent = [frame];
      if (unflushed.push(this) === 1) queueMicrotask(flushAll);
    }
  }

  /** Sends what waits for the end of the turn. */
  flush(): void {
    const frames = this.#unsent;
    if (frames === undefined) return;
    this.#unsent = undefined;
    this.#unsentLength = 0;
    this.#line.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }

  /** The last that is said; after it nothing is read any more. */
  #hangUp(goodbye: Uint8Array): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#reader.stop();
    this.flush();
    const timers = [setTimeout(() => this.#line.destroy(), CLOSE_WITHIN_MS)];
    if (this.#midMessage) {
      this.#line.write(goodbye);
      timers.push(setTimeout(() => this.#line.end(), REST_WITHIN_MS));
    } else this.#line.end(goodbye);
    this.#line.on("close", () => timers.forEach(clearTimeout));
  }
}

function flushAll(): void {
  for (const connection of unflushed) connection.flush();
  unflushed.length = 0;
}

import { Buffer } from "node:buffer";

/** What the frames of one client say. Everything may be called in the middle of a read. */
export interface FrameHandler {
  /** A whole message: text, or bytes where it was a binary one. */
  onMessage(message: string | Uint8Array): void;
  /** A message that is announced to be over the limit. Nothing after it is read. */
  onTooLarge(): void;
  onPing(payload: Uint8Array): void;
  /** The client closes, with a code where it gave one. Nothing after it is read. */
  onClose(code: number | undefined): void;
  /** The client breaks the protocol. Nothing after it is read. */
  onViolation(code: ViolationCode, reason: string): void;
}

/** Why a broken line is closed (RFC 6455 7.4.1): 1002 a frame that may not be, 1007 no UTF-8. */
export type ViolationCode = 1002 | 1007;

const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

/** Bytes that a control frame may carry (RFC 6455 5.5). */
const CONTROL_BYTES = 125;

/** A fatal decoder: text that is no UTF-8 fails the connection (RFC 6455 8.1). */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the frames that a client sends (RFC 6455 5), without extensions, so without compression.
 *
 * Holds a frame only while it is not whole, and never more of a message than its limit: the length
 * in front of a frame is judged before a byte of it is kept. What is held grows with what came, not
 * with what was announced.
 *
 * Reads in place: the bytes it is given are its own, and are unmasked where they lie.
 */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #limit: number;
  /** The beginning of a frame that is not whole, in the first `#held` bytes. */
  #waiting: Buffer | undefined;
  #held = 0;
  /** The frames of a message whose last one is still to come, in the first `#gathered` bytes. */
  #fragments: Buffer | undefined;
  #gathered = 0;
  #fragmentsOpcode = 0;
  #stopped = false;

  /** @param limit bytes that a message may have */
  constructor(handler: FrameHandler, limit: number) {
    this.#handler = handler;
    this.#limit = limit;
  }

  /** Takes the next bytes that came. */
  read(chunk: Buffer): void {
    if (this.#stopped) return;
    const data = this.#waiting === undefined ? chunk : this.#append(chunk);
    let at = 0;
    while (!this.#stopped) {
      const next = this.#frame(data, at);
      if (next === at) break;
      at = next;
    }
    if (this.#stopped || at === data.length) this.#waiting = undefined;
    else if (at > 0 || this.#waiting === undefined) this.#keep(data.subarray(at));
  }

  /** Reads nothing any more, and lets go of what it holds. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = undefined;
    this.#fragments = undefined;
  }

  /** Reads the frame that begins at `at`, and returns where it ends; `at` while it is not whole. */
  #frame(data: Buffer, at: number): number {
    const there = data.length - at;
    if (there < 2) return at;
    const first = data[at] ?? 0;
    const second = data[at + 1] ?? 0;
    const opcode = first & 0x0f;
    const final = (first & 0x80) !== 0;
    const fault = this.#fault(first, second);
    if (fault !== undefined) return this.#violation(1002, fault);

    let length = second & 0x7f;
    let head = 2;
    if (length === 126) {
      if (there < 4) return at;
      length = data.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      if (there < 10) return at;
      length = data.readUInt32BE(at + 2) * 2 ** 32 + data.readUInt32BE(at + 6);
      head = 10;
    }
    if (opcode <= OPCODE.BINARY && this.#gathered + length > this.#limit) {
      this.stop();
      this.#handler.onTooLarge();
      return at;
    }
    const start = at + head + 4; // after the mask
    const end = start + length;
    if (data.length < end) return at;
    unmask(data, start, end);
    this.#whole(opcode, final, data.subarray(start, end));
    return end;
  }

  /** What the first two bytes of a frame have against them. */
  #fault(first: number, second: number): string | undefined {
    const opcode = first & 0x0f;
    if ((first & 0x70) !== 0) return "a reserved bit is set"; // no extension was agreed upon
    if ((second & 0x80) === 0) return "a frame is not masked";
    if (opcode >= OPCODE.CLOSE) {
      if (opcode > OPCODE.PONG) return "an opcode is unknown";
      if ((first & 0x80) === 0) return "a control frame is in fragments";
      return (second & 0x7f) > CONTROL_BYTES ? "a control frame is too long" : undefined;
    }
    if (opcode > OPCODE.BINARY) return "an opcode is unknown";
    if (opcode === OPCODE.CONTINUATION) {
      return this.#fragmentsOpcode === 0 ? "a continuation continues nothing" : undefined;
    }
    return this.#fragmentsOpcode === 0 ? undefined : "a message begins inside another";
  }

  /** A frame is there, unmasked. */
  #whole(opcode: number, final: boolean, payload: Buffer): void {
    switch (opcode) {
      case OPCODE.PING:
        return this.#handler.onPing(payload);
      case OPCODE.PONG:
        return; // that something came is all that it says
      case OPCODE.CLOSE:
        return this.#close(payload);
    }
    if (final && this.#fragmentsOpcode === 0) return this.#message(opcode, payload);
    if (opcode !== OPCODE.CONTINUATION) this.#fragmentsOpcode = opcode;
    this.#gather(payload);
    if (!final) return;
    const kind = this.#fragmentsOpcode;
    const whole = this.#fragments?.subarray(0, this.#gathered) ?? Buffer.alloc(0);
    this.#fragments = undefined;
    this.#gathered = 0;
    this.#fragmentsOpcode = 0;
    this.#message(kind, whole);
  }

  #message(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.BINARY) return this.#handler.onMessage(payload);
    let text: string;
    try {
      text = utf8.decode(payload);
    } catch {
      this.#violation(1007, "a text is not UTF-8");
      return;
    }
    this.#handler.onMessage(text);
  }

  #close(payload: Buffer): void {
    const code = payload.length === 0
      ? undefined
      : payload.length === 1
      ? 0
      : payload.readUInt16BE(0);
    if (code !== undefined && !isCloseCode(code)) {
      this.#violation(1002, "a close code may not be sent");
      return;
    }
    this.stop();
    this.#handler.onClose(code);
  }

  #violation(code: ViolationCode, reason: string): number {
    this.stop();
    this.#handler.onViolation(code, reason);
    return 0; // nobody reads on
  }

  /** Adds to a frame that is not whole. The room doubles, so that many small reads cost no more. */
  #append(chunk: Buffer): Buffer {
    const length = this.#held + chunk.length;
    let room = this.#waiting ?? Buffer.alloc(0);
    if (room.length < length) {
      room = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#held));
      this.#waiting?.copy(room, 0, 0, this.#held);
      this.#waiting = room;
    }
    chunk.copy(room, this.#held);
    this.#held = length;
    return room.subarray(0, length);
  }

  #keep(rest: Buffer): void {
    this.#waiting = Buffer.allocUnsafeSlow(rest.length); // a copy: the chunk may be much larger
    rest.copy(this.#waiting);
    this.#held = rest.length;
  }

  #gather(payload: Buffer): void {
    const length = this.#gathered + payload.length;
    let room = this.#fragments;
    if (room === undefined || room.length < length) {
      room = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(length, 2 * this.#gathered)));
      this.#fragments?.copy(room, 0, 0, this.#gathered);
      this.#fragments = room;
    }
    payload.copy(room, this.#gathered);
    this.#gathered = length;
  }
}

/** Takes the mask off a payload; it lies in the four bytes before it (RFC 6455 5.3). */
function unmask(data: Buffer, start: number, end: number): void {
  const a = data[start - 4] ?? 0;
  const b = data[start - 3] ?? 0;
  const c = data[start - 2] ?? 0;
  const d = data[start - 1] ?? 0;
  if ((a | b | c | d) === 0) return;
  let at = start;
  for (; at + 3 < end; at += 4) {
    data[at] = (data[at] ?? 0) ^ a;
    data[at + 1] = (data[at + 1] ?? 0) ^ b;
    data[at + 2] = (data[at + 2] ?? 0) ^ c;
    data[at + 3] = (data[at + 3] ?? 0) ^ d;
  }
  const mask = [a, b, c];
  for (let i = 0; at + i < end; i++) data[at + i] = (data[at + i] ?? 0) ^ (mask[i] ?? 0);
}

/** Whether a close frame may carry this code (RFC 6455 7.4). */
function isCloseCode(code: number): boolean {
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006 ||
    code >= 3000 && code <= 4999;
}

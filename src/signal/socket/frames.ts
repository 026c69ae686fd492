import { Buffer } from "node:buffer";

/** Characters of a close frame's reason: 123 bytes of it fit (RFC 6455 5.5.1), ours are ASCII. */
const REASON_CHARS = 123;

/** A message of text as one frame of a server (RFC 6455 5.2): final, not masked. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame.write(text, head);
  return frame;
}

/** A frame that says goodbye, with a code and why. */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason.slice(0, REASON_CHARS)).subarray(0, REASON_CHARS);
  const frame = Buffer.alloc(4 + text.length);
  frame[0] = 0x88;
  frame[1] = 2 + text.length;
  frame.writeUInt16BE(code, 2);
  text.copy(frame, 4);
  return frame;
}

/** The answer to a ping: the same bytes (RFC 6455 5.5.3). */
export function pongFrame(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x8a, payload.length]), payload]);
}

/** Asks whether somebody is there; every WebSocket answers by itself. */
export const PING_FRAME: Uint8Array = new Uint8Array([0x89, 0]);

/** A goodbye without a code: what answers a client's own. */
export const CLOSE_FRAME: Uint8Array = new Uint8Array([0x88, 0]);

import { joined, mangled, type Random } from "./signal_random.ts";

/** Opcodes of RFC 6455 5.2. */
const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

interface Head {
  /** FIN and the three reserved bits, as the upper half of the first byte. */
  flags?: number;
  opcode: number;
  masked?: boolean;
  /** The length that is claimed; default: the true one. */
  claimed?: number;
}

/** One frame (RFC 6455 5.2), masked as a client's must be, unless told otherwise. */
function frame(head: Head, payload: Uint8Array): Uint8Array {
  const { flags = 0x80, opcode, masked = true, claimed = payload.length } = head;
  const maskBit = masked ? 0x80 : 0;
  const length = claimed < 126
    ? [maskBit | claimed]
    : claimed < 65_536
    ? [maskBit | 126, claimed >> 8, claimed & 255]
    : [maskBit | 127, ...new Uint8Array(new BigUint64Array([BigInt(claimed)]).buffer).reverse()];
  const mask = new Uint8Array([7, 77, 177, 255]);
  return joined(
    new Uint8Array([flags | opcode, ...length]),
    masked ? mask : new Uint8Array(0),
    masked ? payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)) : payload,
  );
}

/** A request that a broker takes as a socket (RFC 6455 4.1). */
export const HANDSHAKE = "GET /signal HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n" +
  "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** Frames that carry a message as it should be, in one or in several, with control frames between. */
function carrying(message: Uint8Array, random: Random): Uint8Array {
  const opcode = random.chance(0.95) ? OPCODE.text : OPCODE.binary;
  if (random.chance(0.7)) return frame({ opcode }, message);
  const cut = random.below(message.length + 1);
  return joined(
    frame({ flags: 0, opcode }, message.subarray(0, cut)),
    random.chance(0.5) ? frame({ opcode: OPCODE.ping }, random.bytes(3)) : new Uint8Array(0),
    frame({ flags: 0, opcode: OPCODE.continuation }, new Uint8Array(0)),
    frame({ opcode: OPCODE.continuation }, message.subarray(cut)),
  );
}

/** A frame that breaks the protocol, or comes close to it. */
function garbage(message: Uint8Array, random: Random): Uint8Array {
  const code = random.pick([0, 999, 1000, 1004, 1005, 1006, 1015, 3000, 4001, 4999, 65_535]);
  return random.pick<() => Uint8Array>([
    () =>
      frame({ opcode: OPCODE.text, flags: 0x80 | random.pick([0x10, 0x20, 0x40, 0x70]) }, message),
    () => frame({ opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }, message),
    () => frame({ opcode: OPCODE.text, masked: false }, message),
    () => frame({ opcode: OPCODE.text, claimed: random.below(200_000) }, message),
    () => frame({ opcode: OPCODE.binary, claimed: 2 ** 40 }, message),
    () => frame({ opcode: OPCODE.text, claimed: 2 ** 53 }, message),
    () => frame({ opcode: OPCODE.continuation }, message), // of nothing
    () => joined(frame({ flags: 0, opcode: OPCODE.text }, message), frame({ opcode: 1 }, message)),
    () => frame({ opcode: OPCODE.ping }, random.bytes(126)), // a control frame has up to 125
    () => frame({ flags: 0, opcode: OPCODE.ping }, random.bytes(5)), // nor may it be in parts
    () => frame({ opcode: OPCODE.close }, random.bytes(1)), // half a code
    () => frame({ opcode: OPCODE.close }, joined(new Uint8Array([code >> 8, code & 255]), message)),
    () => frame({ opcode: OPCODE.close }, new Uint8Array([3, 232, 0xff, 0xfe])), // not UTF-8
    () => frame({ opcode: OPCODE.text }, random.bytes(40)), // nor is this
    () => joined(...Array(50).fill(frame({ flags: 0, opcode: 0 }, new Uint8Array(0)))),
    () => joined(...Array(100).fill(frame({ opcode: OPCODE.ping }, random.bytes(100)))),
    () => frame({ opcode: OPCODE.pong }, random.bytes(20)), // that nobody asked for
    () => random.bytes(1 + random.below(300)),
    () => mangled(frame({ opcode: OPCODE.text }, message), random),
  ])();
}

/** What a hostile client writes on its socket: messages in frames, and now and then garbage. */
export function hostileFrames(messages: readonly Uint8Array[], random: Random): Uint8Array[] {
  const rude = random.chance(0.4);
  const frames = messages.map((message) =>
    rude && random.chance(0.2) ? garbage(message, random) : carrying(message, random)
  );
  if (random.chance(0.5)) frames.push(frame({ opcode: OPCODE.close }, new Uint8Array([3, 232])));
  return frames;
}

/** What a broker wrote on a socket: its messages, and how it closed it. */
export interface Heard {
  readonly texts: string[];
  readonly closeCodes: number[];
}

/** Reads a broker's frames, which are never masked and, from us, never in parts. */
export function readFrames(bytes: Uint8Array): Heard {
  const heard: Heard = { texts: [], closeCodes: [] };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 2 <= bytes.length;) {
    const [opcode, short] = [view.getUint8(at) & 15, view.getUint8(at + 1)];
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + 2 + extra > bytes.length) break;
    const length = extra === 2
      ? view.getUint16(at + 2)
      : extra === 8
      ? Number(view.getBigUint64(at + 2))
      : short;
    const payload = bytes.subarray(at + 2 + extra, at + 2 + extra + length);
    if (payload.length < length) break; // it closed in the middle
    at += 2 + extra + length;
    if (opcode === OPCODE.text) heard.texts.push(new TextDecoder().decode(payload));
    if (opcode === OPCODE.close && length >= 2) {
      heard.closeCodes.push(view.getUint16(at - length));
    }
  }
  return heard;
}

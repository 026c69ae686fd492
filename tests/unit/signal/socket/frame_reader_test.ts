import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type FrameHandler, FrameReader } from "../../../../src/signal/socket/frame_reader.ts";
import { frame, OPCODE } from "../../../e2e/raw_socket.ts";

const LIMIT = 1_000;

/** A reader, and what it told. */
function reading(): { reader: FrameReader; told: unknown[][] } {
  const told: unknown[][] = [];
  const handler: FrameHandler = {
    onMessage: (message) =>
      told.push(["message", typeof message === "string" ? message : [...message]]),
    onTooLarge: () => told.push(["too large"]),
    onPing: (payload) => told.push(["ping", new TextDecoder().decode(payload)]),
    onClose: (code) => told.push(["close", code]),
    onViolation: (code, reason) => told.push(["violation", code, reason]),
  };
  return { reader: new FrameReader(handler, LIMIT), told };
}

/** What is told of frames that come in pieces of so many bytes. */
function toldOf(frames: readonly Uint8Array[], pieceBytes = Infinity): unknown[][] {
  const { reader, told } = reading();
  const bytes = Buffer.concat(frames);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.read(Buffer.from(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes))));
  }
  return told;
}

const MASK = [1, 2, 3, 4] as const;
const text = (payload: string, bits?: number) =>
  frame(payload, { mask: MASK, ...(bits !== undefined && { bits }) });
const next = (payload: string, bits: number) =>
  frame(payload, { mask: MASK, bits, opcode: OPCODE.CONTINUATION });
const ping = frame("there?", { mask: MASK, opcode: OPCODE.PING });

Deno.test("messages are the same, however the bytes come in", () => {
  const frames = [
    text("one"),
    text(""),
    frame(new Uint8Array([1, 2, 3, 4, 5]), { mask: MASK, opcode: OPCODE.BINARY }),
    text("é".repeat(130)),
    text("long".repeat(200)),
    text("in ", 0),
    ping,
    next("three ", 0),
    frame("", { opcode: OPCODE.PONG }),
    next("parts", 0x80),
    text("last"),
  ];
  const expected = [
    ["message", "one"],
    ["message", ""],
    ["message", [1, 2, 3, 4, 5]],
    ["message", "é".repeat(130)],
    ["message", "long".repeat(200)],
    ["ping", "there?"],
    ["message", "in three parts"],
    ["message", "last"],
  ];
  for (const pieceBytes of [1, 2, 3, 5, 7, 64, 500, Infinity]) {
    assert.deepEqual(toldOf(frames, pieceBytes), expected, `in pieces of ${pieceBytes}`);
  }
});

Deno.test("a letter may be torn between two fragments", () => {
  const [first = 0, second = 0] = new TextEncoder().encode("é");
  const begin = frame(new Uint8Array([first]), { bits: 0 });
  const end = frame(new Uint8Array([second]), { opcode: OPCODE.CONTINUATION });
  assert.deepEqual(toldOf([begin, end]), [["message", "é"]]);
});

Deno.test("a message of the limit is read, one of a byte more is refused at its head", () => {
  assert.deepEqual(toldOf([text("x".repeat(LIMIT))]), [["message", "x".repeat(LIMIT)]]);
  const head = frame("", { announced: LIMIT + 1 });
  assert.deepEqual(toldOf([head, text("after")], 3), [["too large"]]);
  assert.deepEqual(toldOf([frame("", { announced: 2 ** 39 })]), [["too large"]]);
});

Deno.test("fragments count together", () => {
  const half = "x".repeat(LIMIT / 2);
  assert.deepEqual(toldOf([text(half, 0), next(half, 0x80)]), [["message", half + half]]);
  assert.deepEqual(toldOf([text(half, 0), next(half, 0), next("x", 0)]), [["too large"]]);
});

const violations: Readonly<
  Record<string, [code: number, reason: string, ...frames: Uint8Array[]]>
> = {
  "not masked": [1002, "a frame is not masked", frame("x", { mask: "none" })],
  "compressed": [1002, "a reserved bit is set", frame("x", { bits: 0xc0 })],
  "opcode 3": [1002, "an opcode is unknown", frame("x", { opcode: 3 })],
  "opcode 11": [1002, "an opcode is unknown", frame("x", { opcode: 11 })],
  "a ping in fragments": [
    1002,
    "a control frame is in fragments",
    frame("x", { opcode: OPCODE.PING, bits: 0 }),
  ],
  "a ping of 126 bytes": [
    1002,
    "a control frame is too long",
    frame("x".repeat(126), { opcode: OPCODE.PING }),
  ],
  "a continuation of nothing": [1002, "a continuation continues nothing", next("x", 0x80)],
  "a message inside another": [1002, "a message begins inside another", text("x", 0), text("y")],
  "a close code of one byte": [
    1002,
    "a close code may not be sent",
    frame("x", { opcode: OPCODE.CLOSE }),
  ],
  "no UTF-8": [1007, "a text is not UTF-8", frame(new Uint8Array([0xff]))],
  "half a letter": [1007, "a text is not UTF-8", frame(new Uint8Array([0xc3]))],
};

for (const [name, [code, reason, ...frames]] of Object.entries(violations)) {
  Deno.test(`it is a violation, and nothing after it is read: ${name}`, () => {
    assert.deepEqual(toldOf([...frames, text("after")]), [["violation", code, reason]]);
    assert.deepEqual(toldOf([...frames, text("after")], 1), [["violation", code, reason]]);
  });
}

Deno.test("close codes that may be sent are told, others are a violation", () => {
  const close = (code: number) =>
    toldOf([frame(new Uint8Array([code >> 8, code & 0xff]), { opcode: OPCODE.CLOSE }), ping]);
  for (const code of [1000, 1001, 1011, 3000, 4001, 4999]) {
    assert.deepEqual(close(code), [["close", code]]);
  }
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000]) {
    assert.deepEqual(close(code), [["violation", 1002, "a close code may not be sent"]]);
  }
  assert.deepEqual(toldOf([frame("", { opcode: OPCODE.CLOSE })]), [["close", undefined]]);
});

Deno.test("a reader that is stopped in the middle of a chunk reads no more of it", () => {
  const { reader, told } = reading();
  const stopping = new FrameReader({
    onMessage(message) {
      told.push(["message", message]);
      stopping.stop();
    },
    onTooLarge() {},
    onPing() {},
    onClose() {},
    onViolation() {},
  }, LIMIT);
  stopping.read(Buffer.concat([text("one"), text("two")]));
  stopping.read(Buffer.from(text("three")));
  assert.deepEqual(told, [["message", "one"]]);
  reader.stop();
});

import assert from "node:assert/strict";
import { closeFrame, pongFrame, textFrame } from "../../../../src/signal/socket/frames.ts";

Deno.test("textFrame() writes the length as RFC 6455 5.2 says, in bytes of UTF-8", () => {
  const head = (text: string, bytes: number) => [...textFrame(text).subarray(0, bytes)];
  assert.deepEqual([...textFrame("hé")], [0x81, 3, 0x68, 0xc3, 0xa9]);
  assert.deepEqual(head("x".repeat(125), 2), [0x81, 125]);
  assert.deepEqual(head("x".repeat(126), 4), [0x81, 126, 0, 126]);
  assert.deepEqual(head("é".repeat(100), 4), [0x81, 126, 0, 200]);
  assert.deepEqual(head("x".repeat(65_535), 4), [0x81, 126, 0xff, 0xff]);
  assert.deepEqual(head("x".repeat(65_536), 10), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  assert.equal(textFrame("x".repeat(65_536)).length, 10 + 65_536);
});

Deno.test("closeFrame() has the code and a reason that fits a control frame", () => {
  assert.deepEqual([...closeFrame(4001, "no")], [0x88, 4, 0x0f, 0xa1, 0x6e, 0x6f]);
  assert.equal(closeFrame(4029, "x".repeat(500)).length, 2 + 125);
});

Deno.test("pongFrame() gives the ping's bytes back", () => {
  assert.deepEqual([...pongFrame(new Uint8Array([7, 8]))], [0x8a, 2, 7, 8]);
});

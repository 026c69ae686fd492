import assert from "node:assert/strict";
import { HIGH_WATER, LOW_WATER } from "../../../src/dartc/mod.ts";
import { type RawChannel, RtcChannel } from "../../../src/rtc/channel.ts";

/** A data channel without a network. */
class FakeRaw implements RawChannel {
  readonly sent: string[] = [];
  buffered = 0;
  threshold = 0;
  broken = false;
  low = () => {};
  message: (message: unknown) => void = () => {};
  closed = () => {};

  sendMessage(text: string): boolean {
    if (this.broken) throw new Error("libdatachannel error");
    this.sent.push(text);
    return false;
  }
  bufferedAmount(): number {
    if (this.broken) throw new Error("libdatachannel error");
    return this.buffered;
  }
  isOpen = () => true;
  setBufferedAmountLowThreshold(bytes: number): void {
    this.threshold = bytes;
  }
  onBufferedAmountLow(callback: () => void): void {
    this.low = callback;
  }
  onMessage(callback: (message: unknown) => void): void {
    this.message = callback;
  }
  onClosed(callback: () => void): void {
    this.closed = callback;
  }
}

/** A channel, and why its connection was asked to close. */
function channel() {
  const raw = new FakeRaw();
  const reasons: string[] = [];
  return { raw, reasons, channel: new RtcChannel(raw, (reason) => reasons.push(reason)) };
}

Deno.test("RtcChannel keeps messages until somebody takes them, in order", () => {
  const { raw, channel: open } = channel();
  const got: string[] = [];
  raw.message("one");
  raw.message("two");
  open.onMessage((text) => got.push(text));
  raw.message("three");
  assert.deepEqual(got, ["one", "two", "three"]);
});

Deno.test("RtcChannel hands a binary message over as an empty one", () => {
  const { raw, channel: open } = channel();
  const got: string[] = [];
  open.onMessage((text) => got.push(text));
  raw.message(new Uint8Array([123, 125]));
  assert.deepEqual(got, [""]);
});

Deno.test("RtcChannel keeps what came before a close for whoever comes after it", async () => {
  const { raw, channel: open } = channel();
  raw.message("hello");
  open.end("the other side closed");
  const got: string[] = [];
  open.onMessage((text) => got.push(text));
  open.onClose((reason) => got.push(reason));
  await Promise.resolve();
  assert.deepEqual(got, ["hello", "the other side closed"]);
});

Deno.test("RtcChannel lets a peer go that sends much before anybody listens", () => {
  for (const [count, size] of [[65, 1], [2, 1024 * 1024]] as const) {
    const { raw, reasons } = channel();
    for (let i = 0; i < count; i++) raw.message("x".repeat(size));
    assert.deepEqual(reasons, ["the other side sent too much before anybody listened"]);
  }
});

Deno.test("RtcChannel is writable below the high water, and again at the low water", async () => {
  const { raw, channel: open } = channel();
  assert.equal(raw.threshold, LOW_WATER);
  raw.buffered = HIGH_WATER - 1;
  assert.equal(open.writable(), undefined);
  raw.buffered = HIGH_WATER;
  const writable = open.writable();
  assert(writable !== undefined);
  assert.equal(open.writable(), writable, "all wait for the same");
  raw.low(); // told late: it was low, and is full again
  assert.equal(open.writable(), writable);
  raw.buffered = LOW_WATER;
  raw.low();
  await writable;
  assert.equal(open.writable(), undefined);
});

Deno.test("RtcChannel lets nobody wait who waits when it closes, or comes after that", async () => {
  const { raw, channel: open } = channel();
  raw.buffered = HIGH_WATER;
  const writable = open.writable();
  open.stop();
  await writable;
  assert.equal(open.writable(), undefined);
});

Deno.test("RtcChannel tells once that it is closed, and does nothing afterwards", () => {
  const { raw, reasons, channel: open } = channel();
  const closed: string[] = [];
  const got: string[] = [];
  open.onMessage((text) => got.push(text));
  open.onClose((reason) => closed.push(reason));
  open.close("goodbye");
  assert.deepEqual(reasons, ["goodbye"]);
  open.stop();
  open.end("goodbye");
  open.end("again");
  open.send("late");
  open.close();
  raw.message("late");
  assert.deepEqual(closed, ["goodbye"]);
  assert.deepEqual([raw.sent, got, reasons, open.bufferedAmount()], [[], [], ["goodbye"], 0]);
});

Deno.test("RtcChannel never throws when the addon does, and asks to be closed", () => {
  const { raw, reasons, channel: open } = channel();
  raw.broken = true;
  open.send("lost");
  assert.equal(open.bufferedAmount(), 0);
  assert.deepEqual(reasons, ["a message could not be sent"]);
});

Deno.test("RtcChannel asks for its connection to be closed when the other side closed it", () => {
  const { raw, reasons } = channel();
  raw.closed();
  assert.deepEqual(reasons, ["the other side closed the channel"]);
});

Deno.test("RtcChannel hands over why it was closed, though a message of ours failed before", () => {
  const { raw, reasons, channel: open } = channel();
  const got: string[] = [];
  open.onMessage((text) => got.push(text));
  raw.broken = true;
  open.send("one more");
  assert.deepEqual(reasons, ["a message could not be sent"]);
  open.stop();
  raw.message("slow down");
  open.end("closed");
  raw.message("too late");
  assert.deepEqual(got, ["slow down"]);
});

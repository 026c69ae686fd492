import assert from "node:assert/strict";
import { HIGH_WATER, LOW_WATER } from "../../../../src/dartc/mod.ts";
import { DataChannel, type RawDataChannel } from "../../../../web/transports/data_channel.ts";

/** A data channel whose other side is the test. */
class FakeRaw {
  readyState: RTCDataChannelState = "open";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onmessage: RawDataChannel["onmessage"] = null;
  onbufferedamountlow: RawDataChannel["onbufferedamountlow"] = null;
  onclose: RawDataChannel["onclose"] = null;
  readonly sent: string[] = [];
  isBroken = false;
  closes = 0;

  send(text: string): void {
    if (this.isBroken) throw new DOMException("full", "OperationError");
    this.sent.push(text);
  }

  close(): void {
    this.closes++;
    this.readyState = "closing";
  }

  /** Something arrives. */
  receive(data: unknown): void {
    this.onmessage?.call(this as unknown as RTCDataChannel, new MessageEvent("message", { data }));
  }

  /** An event of the channel; its handlers use nothing of it. */
  fire(type: "bufferedamountlow" | "close"): void {
    this[`on${type}`]?.call(this as unknown as RTCDataChannel, new Event(type));
  }
}

function open() {
  const raw = new FakeRaw();
  const log: string[] = [];
  const channel = new DataChannel(raw, () => log.push("released"));
  return { raw, channel, log };
}

Deno.test("messages that come before anybody listens are kept, in order; a binary one is empty", () => {
  const { raw, channel } = open();
  raw.receive("one");
  raw.receive(new ArrayBuffer(2));
  const heard: string[] = [];
  channel.onMessage((text) => heard.push(text));
  raw.receive("three");
  assert.deepEqual(heard, ["one", "", "three"]);
});

Deno.test("a Host that sends too much before anybody listens is let go", () => {
  const { raw, channel, log } = open();
  for (let i = 0; i < 5; i++) raw.receive("x".repeat(256 * 1024));
  assert.deepEqual(log, ["released"]);
  const heard: string[] = [];
  channel.onMessage((text) => heard.push(text));
  assert.deepEqual(heard, []);
});

Deno.test("a graceful close tells at once, and releases when what was sent is out", () => {
  const { raw, channel, log } = open();
  channel.onClose((reason) => log.push(reason));
  channel.send("last");
  channel.close("bye");
  channel.close("again");
  assert.deepEqual(log, ["bye"]);
  assert.equal(raw.closes, 1);
  raw.fire("close");
  assert.deepEqual(log, ["bye", "released"]);
  channel.send("late");
  raw.receive("late");
  assert.deepEqual(raw.sent, ["last"]);
});

Deno.test("a page that goes away waits for nothing", () => {
  const { channel, log } = open();
  channel.onClose((reason) => log.push(reason));
  channel.send("last");
  channel.abandon();
  assert.deepEqual(log, ["the page went away", "released"]);
});

Deno.test("a close by the other side is told once, also to who comes late", async () => {
  const { raw, channel, log } = open();
  raw.fire("close");
  channel.onClose((reason) => log.push(reason));
  await Promise.resolve();
  channel.end("again");
  assert.deepEqual(log, ["released", "the connection was closed by the other side"]);
});

Deno.test("a message that cannot be sent ends the channel", () => {
  const { raw, channel, log } = open();
  channel.onClose((reason) => log.push(reason));
  raw.isBroken = true;
  channel.send("x");
  assert.deepEqual(log, ["a message could not be sent", "released"]);
});

Deno.test("writable() waits from the high water to the low, or to the close", async () => {
  const { raw, channel } = open();
  assert.equal(raw.bufferedAmountLowThreshold, LOW_WATER);
  raw.bufferedAmount = HIGH_WATER - 1;
  assert.equal(channel.writable(), undefined);
  raw.bufferedAmount = HIGH_WATER;
  assert.equal(channel.bufferedAmount(), HIGH_WATER);
  const first = channel.writable();
  assert.notEqual(first, undefined);
  raw.fire("bufferedamountlow");
  await first;
  const second = channel.writable();
  channel.end("gone");
  await second;
  assert.equal(channel.writable(), undefined);
  assert.equal(channel.bufferedAmount(), 0);
});

Deno.test("what the Host said before it closed is handed over to a session that comes late", () => {
  const { raw, channel } = open();
  raw.receive("hello");
  raw.receive("why not");
  raw.fire("close");
  const heard: string[] = [];
  channel.onMessage((text) => heard.push(text));
  assert.deepEqual(heard, ["hello", "why not"]);
});

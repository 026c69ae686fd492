import assert from "node:assert/strict";
import type { SigningKey } from "../../../src/core/mod.ts";
import { nodeEd25519 } from "../../../src/core/native.ts";
import { Outbox } from "../../../src/dartc/outbox.ts";
import { channelPair, type MemoryChannel } from "./channel_pair.ts";
import { until } from "./until.ts";

const key = await nodeEd25519().generate();

function open(
  sign: SigningKey["sign"],
): { outbox: Outbox; channel: MemoryChannel; failures: string[] } {
  const [channel] = channelPair();
  const failures: string[] = [];
  const outbox = new Outbox({
    channel,
    key: { publicKey: key.publicKey, sign },
    from: "visitor:x",
    to: "*",
    now: () => 0,
    onFailure: (reason) => failures.push(reason),
  });
  return { outbox, channel, failures };
}

Deno.test("Outbox sends in order though signatures come in another one", async () => {
  const waiting: (() => void)[] = [];
  const { outbox, channel } = open(async (message) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return key.sign(message);
  });
  for (let i = 0; i < 5; i++) outbox.send({ topic: `t${i}` });
  outbox.close("done");
  while (waiting.length > 0) waiting.pop()?.();
  await until("the channel is closed", () => channel.closeReason === "done");
  assert.deepEqual(channel.sent.map((text) => JSON.parse(text).topic), [
    "t0",
    "t1",
    "t2",
    "t3",
    "t4",
  ]);
});

Deno.test("Outbox says when it cannot sign, now or later", async () => {
  const now = open(() => {
    throw new Error("no key");
  });
  now.outbox.send({ topic: "t" });
  assert.equal(now.failures.length, 1);
  const later = open(() => Promise.reject(new Error("no key")));
  later.outbox.send({ topic: "t" });
  await until("it was said", () => later.failures.length === 1);
  assert.deepEqual(later.channel.sent, []);
});

Deno.test("Outbox counts what is still to be signed against its bound", () => {
  const { outbox, failures } = open(() => new Promise(() => {}));
  for (let i = 0; i < 400; i++) outbox.send({ topic: "t", payload: "x".repeat(60_000) });
  assert.ok(failures.length > 0);
});

Deno.test("Outbox asks to wait while many frames are still to be signed", async () => {
  const signed = Promise.withResolvers<void>();
  const { outbox, channel } = open(async (message) => {
    await signed.promise;
    return key.sign(message);
  });
  for (let i = 0; i < 300; i++) outbox.send({ topic: "t" });
  const writable = outbox.writable();
  assert.ok(writable !== undefined);
  signed.resolve();
  await writable;
  assert.equal(channel.sent.length, 300);
  assert.equal(outbox.writable(), undefined);
});

Deno.test("Outbox sends nothing after its close", () => {
  const { outbox, channel } = open((message) => key.sign(message));
  outbox.close("done");
  outbox.send({ topic: "t" });
  outbox.close("again");
  assert.deepEqual(channel.sent, []);
  assert.equal(channel.closeReason, "done");
});

Deno.test("Outbox refuses a frame over 64 KiB, but for a hello with its manifest", () => {
  const { outbox, channel } = open((message) => key.sign(message));
  const payload = "x".repeat(90_000);
  assert.throws(() => outbox.send({ topic: "t", payload }), { code: "too_large" });
  outbox.send({ topic: "dartc.hello", payload });
  assert.equal(channel.sent.length, 1);
  const large = "x".repeat(256 * 1024);
  assert.throws(() => outbox.send({ topic: "dartc.hello", payload: large }), { code: "too_large" });
});

import assert from "node:assert/strict";
import { utf8Encode } from "../../../src/base/mod.ts";
import { sseData } from "../../../src/runtime/sse.ts";

async function read(parts: readonly Uint8Array[]): Promise<string[]> {
  const data: string[] = [];
  for await (const one of sseData(ReadableStream.from(parts))) data.push(one);
  return data;
}

const STREAM = ": comment\r\nevent: x\r\ndata: one\r\n\r\ndata:two\ndata: lines\n\nid: 7\n\n" +
  'data: {"t":"grün 🎈"}\r\rdata: not ended';
const EVENTS = ["one", "two\nlines", '{"t":"grün 🎈"}'];

Deno.test("sseData() reads events of any line end, and leaves out what is not ended", async () => {
  assert.deepEqual(await read([utf8Encode(STREAM)]), EVENTS);
});

Deno.test("sseData() reads the same wherever the bytes are cut", async () => {
  const bytes = utf8Encode(STREAM);
  assert.deepEqual(await read(Array.from(bytes, (byte) => Uint8Array.of(byte))), EVENTS);
  for (let at = 1; at < bytes.length; at++) {
    assert.deepEqual(await read([bytes.subarray(0, at), bytes.subarray(at)]), EVENTS, `${at}`);
  }
});

Deno.test("sseData() gives up a line without an end, and cancels its source", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024).fill(120)),
    cancel: () => void (cancelled = true),
  });
  await assert.rejects(
    async () => {
      for await (const _data of sseData(endless));
    },
    { code: "chat_failed" },
  );
  assert(cancelled);
});

Deno.test("sseData() gives up an event of lines without an end", async () => {
  const lines = utf8Encode("data: x\n".repeat(100_000));
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(lines),
  });
  await assert.rejects(
    async () => {
      for await (const _data of sseData(endless));
    },
    { code: "chat_failed" },
  );
});

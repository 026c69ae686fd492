import assert from "node:assert/strict";
import {
  readEvents,
  type StreamedEvent,
} from "../../../../web/dashboard/api/server_sent_events.ts";

async function eventsOf(...chunks: string[]): Promise<StreamedEvent[]> {
  const body = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
  return await Array.fromAsync(readEvents(body));
}

Deno.test("events are read however the stream is cut, with the id that they have", async () => {
  const whole = 'id: 7\nevent: message\ndata: {"a":\ndata:1}\n\n: ping\r\n\r\ndata: ü\r\n\r\n';
  const expected = [{ id: "7", data: '{"a":\n1}' }, { id: "7", data: "ü" }];
  assert.deepEqual(await eventsOf(whole), expected);
  assert.deepEqual(await eventsOf(...whole), expected);
});

Deno.test("what a stream ends with, without an empty line, is no event", async () => {
  assert.deepEqual(await eventsOf("data: a\n\ndata: b\n"), [{ id: undefined, data: "a" }]);
});

Deno.test("a line without an end is refused", async () => {
  const chunk = "x".repeat(1024 * 1024);
  await assert.rejects(eventsOf(...Array.from({ length: 5 }, () => chunk)), { code: "bad_stream" });
});

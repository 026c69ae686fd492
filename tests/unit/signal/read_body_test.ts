import assert from "node:assert/strict";
import { readBody } from "../../../src/signal/http/read_body.ts";

const post = (body: BodyInit | null, headers: HeadersInit = {}) =>
  new Request("http://127.0.0.1/pods", { method: "POST", body, headers });

/** A body that comes in pieces, and how many of them were asked for. */
function pieces(count: number, bytes: number) {
  const given = { pulled: 0 };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (given.pulled++ < count) controller.enqueue(new Uint8Array(bytes).fill(given.pulled));
      else controller.close();
    },
  }, { highWaterMark: 0 });
  return { given, stream };
}

Deno.test("readBody() gives the bytes of a body, also one that comes in pieces", async () => {
  assert.equal((await readBody(post("hello"), 5)).length, 5);
  assert.equal((await readBody(post(null), 5)).length, 0);
  const { stream } = pieces(3, 100_000);
  const bytes = await readBody(post(stream), 300_000);
  assert.equal(bytes.length, 300_000);
  assert.deepEqual([bytes[0], bytes[150_000], bytes[299_999]], [1, 2, 3]);
});

Deno.test("readBody() refuses an announced length over the limit before it reads", async () => {
  const { given, stream } = pieces(3, 10);
  const request = post(stream, { "content-length": "11" });
  await assert.rejects(readBody(request, 10), { status: 413 });
  assert.equal(given.pulled, 0);
});

Deno.test("readBody() refuses a body over the limit while it comes in", async () => {
  const { given, stream } = pieces(1000, 10);
  await assert.rejects(readBody(post(stream), 25), { status: 413 });
  assert.equal(given.pulled, 3);
});

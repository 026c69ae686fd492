import assert from "node:assert/strict";
import { bodyChunks, type BodyLimits } from "../../../src/signal/http/body_chunks.ts";

const LIMITS: BodyLimits = { bytes: 300_000, idleMs: 60_000, totalMs: 60_000 };

const post = (body: BodyInit | null, headers: HeadersInit = {}) =>
  new Request("http://127.0.0.1/pods", { method: "POST", body, headers });

async function lengthOf(request: Request, limits: Partial<BodyLimits> = {}): Promise<number> {
  let length = 0;
  for await (const chunk of bodyChunks(request, { ...LIMITS, ...limits })) length += chunk.length;
  return length;
}

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

Deno.test("bodyChunks() gives the bytes of a body, also one that comes in pieces", async () => {
  assert.equal(await lengthOf(post("hello"), { bytes: 5 }), 5);
  assert.equal(await lengthOf(post(null)), 0);
  assert.equal(await lengthOf(post(pieces(3, 100_000).stream)), 300_000);
});

Deno.test("bodyChunks() refuses an announced length over the limit before it reads", async () => {
  const { given, stream } = pieces(3, 10);
  const request = post(stream, { "content-length": "11" });
  await assert.rejects(lengthOf(request, { bytes: 10 }), { status: 413 });
  assert.equal(given.pulled, 0);
});

Deno.test("bodyChunks() refuses a body over the limit while it comes in", async () => {
  const { given, stream } = pieces(1000, 10);
  await assert.rejects(lengthOf(post(stream), { bytes: 25 }), { status: 413 });
  assert.equal(given.pulled, 3);
});

Deno.test("bodyChunks() gives up on a body that does not come, or not in time", async () => {
  const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: () => new Promise(() => {}) });
  await assert.rejects(lengthOf(post(silent), { idleMs: 1 }), { status: 408 });
  const endless = pieces(Infinity, 1);
  const late = lengthOf(post(endless.stream), { totalMs: 0 });
  await assert.rejects(late, { status: 408 });
});

Deno.test("bodyChunks() says of a body that breaks off that it did", async () => {
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new Error("connection reset")),
  });
  await assert.rejects(lengthOf(post(broken)), { status: 400, message: /broke off/ });
});

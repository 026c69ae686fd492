/**
 * For `lean_fetch_test.ts`: begins to read an answer, has the garbage collected, and aborts. A
 * process of its own, because only V8's `--expose-gc` lets a program ask for that.
 *
 * @module
 */
import { leanFetch } from "../../../../src/host/model/lean_fetch.ts";

const ended = Promise.withResolvers<void>();
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode("one")),
        cancel: () => ended.resolve(),
      }),
    ),
);

/** Begins an answer; nothing of the request is left when it returns but the reader. */
async function begin(signal: AbortSignal) {
  const { body } = await leanFetch(`http://127.0.0.1:${server.addr.port}/`, { signal });
  if (body === null) throw new Error("the answer has no body");
  const reader = body.getReader();
  await reader.read();
  return reader;
}

const abort = new AbortController();
const reading = (await begin(abort.signal)).read().then(() => "read on", () => "rejected");
const collect: unknown = Reflect.get(globalThis, "gc");
if (typeof collect !== "function") throw new Error("run it with --v8-flags=--expose-gc");
for (let turn = 0; turn < 10; turn++) {
  collect();
  await new Promise((resolve) => setTimeout(resolve, 0)); // finalizers run between turns
}
abort.abort();
const what = await reading;
await ended.promise;
console.log(`${what}, and ended at the server`);
await server.shutdown();

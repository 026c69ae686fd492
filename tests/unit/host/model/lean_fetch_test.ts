import assert from "node:assert/strict";
import { leanFetch } from "../../../../src/host/model/lean_fetch.ts";

/** A server whose answer is `body`. */
function serve(body: () => BodyInit | null, status = 200) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(body(), { status, headers: { "x-test": "yes" } }),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("leanFetch: a body of any size arrives whole, with its status and headers", async () => {
  const body = "0123456789".repeat(100_000);
  await using server = serve(() => body, 418);
  const response = await leanFetch(server.url);
  assert.deepEqual([response.status, response.headers.get("x-test")], [418, "yes"]);
  assert.equal(await response.text(), body);
});

Deno.test("leanFetch: an answer without a body has none", async () => {
  await using server = serve(() => null, 204);
  const response = await leanFetch(server.url);
  assert.deepEqual([response.status, await response.text()], [204, ""]);
});

Deno.test("leanFetch: pieces come as they are sent, and cancelling ends the request", async () => {
  const cancelled = Promise.withResolvers<void>();
  let send: (text: string) => void = () => {};
  await using server = serve(() =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        send = (text) => controller.enqueue(new TextEncoder().encode(text));
        send("one");
      },
      cancel: () => cancelled.resolve(),
    })
  );
  const { body } = await leanFetch(server.url);
  assert.ok(body !== null);
  const reader = body.getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  assert.equal(await next(), "one");
  send("two");
  assert.equal(await next(), "two");
  await reader.cancel();
  await cancelled.promise;
});

Deno.test("leanFetch: an abort rejects what is being read", async () => {
  await using server = serve(() =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode("one")),
    })
  );
  const abort = new AbortController();
  const { body } = await leanFetch(server.url, { signal: abort.signal });
  assert.ok(body !== null);
  const reader = body.getReader();
  await reader.read();
  const reading = reader.read();
  abort.abort();
  await assert.rejects(reading, { name: "AbortError" });
});

Deno.test("leanFetch: an abort ends the request at the server, garbage collected or not", async () => {
  const program = new URL("./abort_after_gc.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--v8-flags=--expose-gc", program],
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert.ok(success, said + new TextDecoder().decode(stderr));
  assert.equal(said.trim(), "rejected, and ended at the server");
});

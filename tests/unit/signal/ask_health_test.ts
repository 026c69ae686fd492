import assert from "node:assert/strict";
import { askHealth } from "../../../src/signal/ask_health.ts";

/** Takes one connection, reads what is asked, and answers, or says nothing until it is asked to end. */
function server(answer: Uint8Array | "silence"): { port: number } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(1024));
    if (answer === "silence") await ended;
    else if (answer.length > 0) await connection.write(answer);
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      end();
      await serving;
      listener.close();
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

for (
  const [what, answer, why] of [
    [
      "another status",
      bytes("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
      /it answers HTTP\/1\.1 503/,
    ],
    ["no HTTP", bytes("SSH-2.0-OpenSSH\r\n"), /it answers SSH-2\.0-OpenSSH$/],
    ["no text", new Uint8Array([0xff, 0xfe, 0x00]), /it answers /],
    ["an end", new Uint8Array(0), /it says nothing$/],
    ["silence", "silence", /it did not answer within 50 ms$/],
  ] as const
) {
  Deno.test(`askHealth() of what answers with ${what} says so`, async () => {
    await using serving = server(answer);
    await assert.rejects(
      askHealth({ host: "127.0.0.1", port: serving.port }, answer === "silence" ? 50 : undefined),
      { code: "not_healthy", message: why },
    );
  });
}

Deno.test("askHealth() where nothing listens says so in words", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { addr } = listener;
  listener.close();
  await assert.rejects(askHealth({ host: "0.0.0.0", port: addr.port }), {
    message: `No broker serves at 127.0.0.1 port ${addr.port}: nothing answers there ` +
      "(connection refused)",
  });
});

Deno.test("askHealth() is content with a broker that is well", async () => {
  await using serving = server(bytes("HTTP/1.1 200 OK\r\n\r\n"));
  await askHealth({ host: "0.0.0.0", port: serving.port });
});

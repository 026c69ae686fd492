import assert from "node:assert/strict";
import { brokerUrlOf, signalUrlOf } from "../../../src/pack/mod.ts";

Deno.test("a broker has one address over HTTP and one of its WebSocket, whichever is given", () => {
  for (
    const [address, http, socket] of [
      ["https://pods.example", "https://pods.example", "wss://pods.example/signal"],
      ["wss://pods.example/signal/", "https://pods.example", "wss://pods.example/signal"],
      ["WS://LOCALHOST:8080", "http://localhost:8080", "ws://localhost:8080/signal"],
      ["http://[::1]:8080/a/signal", "http://[::1]:8080/a", "ws://[::1]:8080/a/signal"],
    ] as const
  ) {
    assert.deepEqual([brokerUrlOf(address), signalUrlOf(address)], [http, socket]);
  }
});

Deno.test("what is no broker's address is refused, and a password in it not repeated", () => {
  for (
    const address of [
      ...["", "pods.example", "ftp://pods.example", "https:pods.example", "http://", "ht!tp://x"],
      ...["https://a b", "wss://pods.example:99999"],
    ]
  ) {
    assert.throws(() => brokerUrlOf(address), { code: "bad_broker" }, address);
  }
  assert.throws(() => signalUrlOf("https://me:hidden@pods.example"), {
    message: "Cannot use the broker: a name or password in it is not for a broker, " +
      "expected an address as https://pods.example",
  });
});

import assert from "node:assert/strict";
import { signalUrl } from "../../../src/signaling/mod.ts";

for (
  const [given, expected] of [
    ["wss://signal.gemmapod.com/signal", "wss://signal.gemmapod.com/signal"],
    ["https://signal.gemmapod.com/signal", "wss://signal.gemmapod.com/signal"],
    ["http://localhost:8080/signal", "ws://localhost:8080/signal"],
    ["ws://localhost:8080/signal", "ws://localhost:8080/signal"],
    ["http://127.0.0.1:8080", "ws://127.0.0.1:8080/signal"],
    ["https://example.org/a/signal?region=eu#top", "wss://example.org/a/signal?region=eu"],
  ] as const
) {
  Deno.test(`signalUrl() makes ${expected} of ${given}`, () => {
    assert.equal(signalUrl(given), expected);
  });
}

for (
  const given of ["", "signal.gemmapod.com", "ftp://example.org/signal", "javascript:alert(1)"]
) {
  Deno.test(`signalUrl() refuses ${JSON.stringify(given)}`, () => {
    assert.throws(() => signalUrl(given), { code: "bad_signal_url" });
  });
}

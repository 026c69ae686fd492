import assert from "node:assert/strict";
import { handshake } from "../../../../src/signal/socket/handshake.ts";

const GOOD = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** The status of a request that differs from a good one. */
function statusOf(change: Record<string, string | undefined>, method = "GET"): number {
  const headers = new Headers();
  for (const [name, value] of Object.entries({ ...GOOD, ...change })) {
    if (value !== undefined) headers.set(name, value);
  }
  const answer = handshake({ method, headers });
  return answer.accepted ? 101 : answer.status;
}

Deno.test("handshake() takes what RFC 6455 asks for, and nothing less", () => {
  assert.equal(statusOf({}), 101);
  assert.equal(statusOf({ upgrade: "WebSocket", connection: "keep-alive, upgrade" }), 101);
  assert.equal(statusOf({}, "POST"), 400);
  assert.equal(statusOf({ upgrade: "h2c" }), 400);
  assert.equal(statusOf({ connection: "close" }), 400);
  assert.equal(statusOf({ "sec-websocket-key": undefined }), 400);
  assert.equal(statusOf({ "sec-websocket-key": "short" }), 400);
  assert.equal(statusOf({ "sec-websocket-version": "8" }), 426);
  assert.equal(statusOf({ "sec-websocket-version": undefined }), 426);
});

Deno.test("handshake() agrees upon no extension and no subprotocol", () => {
  const headers = new Headers({
    ...GOOD,
    "sec-websocket-extensions": "permessage-deflate",
    "sec-websocket-protocol": "chat",
  });
  assert.deepEqual(Object.keys(handshake({ method: "GET", headers }).headers), [
    "upgrade",
    "connection",
    "sec-websocket-accept",
  ]);
});

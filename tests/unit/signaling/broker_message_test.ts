import assert from "node:assert/strict";
import { MESSAGE_BYTES, parseBrokerMessage, SDP_BYTES } from "../../../src/signaling/mod.ts";

const line = "candidate:1 1 UDP 1 192.0.2.1 9 typ host";

for (
  const message of [
    { t: "registered", podId: "cafe" },
    { t: "offer", sessionId: "s", sdp: "v=0" },
    { t: "offer", podId: "cafe", sessionId: "s", sdp: "v=0" },
    { t: "answer", sessionId: "s", sdp: "v=0" },
    { t: "candidate", sessionId: "s", candidate: null },
    { t: "error", message: "origin offline" },
    { t: "error", sessionId: "s", message: "" },
    { t: "ping" },
    { t: "pong" },
  ]
) {
  const text = JSON.stringify(message);
  Deno.test(`parseBrokerMessage() reads ${text}`, () => {
    assert.deepEqual(parseBrokerMessage(text), message);
  });
}

Deno.test("parseBrokerMessage() keeps the members of a candidate and no others", () => {
  const candidate = { candidate: line, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" };
  const text = JSON.stringify({
    t: "candidate",
    sessionId: "s",
    candidate: { ...candidate, url: "x" },
  });
  assert.deepEqual(parseBrokerMessage(text), { t: "candidate", sessionId: "s", candidate });
});

Deno.test("parseBrokerMessage() takes null for what a broker does not know", () => {
  assert.deepEqual(parseBrokerMessage('{"t":"error","sessionId":null,"message":"no"}'), {
    t: "error",
    message: "no",
  });
});

for (
  const [name, text] of [
    ["a binary message", new Uint8Array(2)],
    ["broken JSON", "{"],
    ["null", "null"],
    ["an unknown type", '{"t":"challenge","nonce":"n"}'],
    ["an answer without a session", '{"t":"answer","sdp":"v=0"}'],
    ["an answer without sdp", '{"t":"answer","sessionId":"s"}'],
    ["a candidate that is a string", '{"t":"candidate","sessionId":"s","candidate":"c"}'],
    ["a missing candidate", '{"t":"candidate","sessionId":"s"}'],
    [
      "a candidate line that is a number",
      '{"t":"candidate","sessionId":"s","candidate":{"candidate":7}}',
    ],
    ["an error without a message", '{"t":"error"}'],
  ] as const
) {
  Deno.test(`parseBrokerMessage() refuses ${name}`, () => {
    assert.throws(() => parseBrokerMessage(text), { code: "bad_message" });
  });
}

Deno.test("parseBrokerMessage() refuses what is over the limits of size", () => {
  assert.throws(() => parseBrokerMessage(" ".repeat(MESSAGE_BYTES + 1)), { code: "too_large" });
  const sdp = "x".repeat(SDP_BYTES + 1);
  assert.throws(() => parseBrokerMessage(JSON.stringify({ t: "answer", sessionId: "s", sdp })), {
    code: "too_large",
    sessionId: "s",
  });
});

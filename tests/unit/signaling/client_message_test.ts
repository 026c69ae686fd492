import assert from "node:assert/strict";
import {
  CANDIDATE_CHARS,
  MESSAGE_BYTES,
  parseClientMessage,
  POD_ID_CHARS,
  SDP_BYTES,
  SESSION_ID_CHARS,
} from "../../../src/signaling/mod.ts";

const candidate = { candidate: "candidate:1 1 UDP 1 192.0.2.1 9 typ host", sdpMid: "0" };

for (
  const message of [
    { t: "register", podId: "cafe" },
    { t: "offer", podId: "cafe", sessionId: "s", sdp: "v=0" },
    { t: "answer", sessionId: "s", sdp: "v=0" },
    { t: "candidate", podId: "cafe", sessionId: "s", candidate },
    { t: "candidate", sessionId: "s", candidate: { ...candidate, sdpMLineIndex: 0 } },
    { t: "candidate", sessionId: "s", candidate: { ...candidate, usernameFragment: null } },
    { t: "candidate", sessionId: "s", candidate: { candidate: "" } },
    { t: "candidate", sessionId: "s", candidate: null },
    { t: "error", sessionId: "s", message: "no" },
    { t: "error", message: "no" },
    { t: "ping" },
    { t: "pong" },
  ]
) {
  const text = JSON.stringify(message);
  Deno.test(`parseClientMessage() reads ${text}`, () => {
    assert.deepEqual(parseClientMessage(text), message);
  });
}

Deno.test("parseClientMessage() leaves out what is not of the wire", () => {
  assert.deepEqual(
    parseClientMessage('{"t":"register","podId":"cafe","proof":{"sig":"…"},"__proto__":{"a":1}}'),
    { t: "register", podId: "cafe" },
  );
  assert.deepEqual(
    parseClientMessage('{"t":"candidate","sessionId":"s","candidate":{"candidate":"","url":"x"}}'),
    { t: "candidate", sessionId: "s", candidate: { candidate: "" } },
  );
});

const refusals: readonly [name: string, text: unknown, message: RegExp][] = [
  ["a binary message", new ArrayBuffer(2), /JSON text/],
  ["broken JSON", '{"t":', /not JSON/],
  ["null", "null", /JSON object/],
  ["an array", "[]", /JSON object/],
  ["a number", "7", /JSON object/],
  ["an unknown type", '{"t":"shout"}', /unknown type/],
  ["a type that is a name of Object's", '{"t":"constructor"}', /unknown type/],
  ["no type", "{}", /unknown type/],
  ["a register without a pod", '{"t":"register"}', /podId/],
  ["an empty pod id", '{"t":"register","podId":""}', /podId/],
  ["a pod id that is null", '{"t":"register","podId":null}', /podId/],
  ["a long pod id", `{"t":"register","podId":"${"x".repeat(POD_ID_CHARS + 1)}"}`, /podId/],
  ["an offer without sdp", '{"t":"offer","podId":"p","sessionId":"s"}', /sdp/],
  ["an sdp that is an object", '{"t":"answer","sessionId":"s","sdp":{"sdp":"v=0"}}', /sdp/],
  ["a session id that is a number", '{"t":"answer","sessionId":1,"sdp":"v=0"}', /sessionId/],
  [
    "a long session id",
    `{"t":"answer","sessionId":"${"x".repeat(SESSION_ID_CHARS + 1)}","sdp":"v=0"}`,
    /sessionId/,
  ],
  ["a missing candidate", '{"t":"candidate","sessionId":"s"}', /candidate/],
  [
    "a candidate that is a string",
    '{"t":"candidate","sessionId":"s","candidate":"c"}',
    /candidate/,
  ],
  [
    "a long candidate",
    JSON.stringify({
      t: "candidate",
      sessionId: "s",
      candidate: { candidate: "x".repeat(CANDIDATE_CHARS + 1) },
    }),
    /candidate/,
  ],
  [
    "a line index that is no index",
    '{"t":"candidate","sessionId":"s","candidate":{"candidate":"c","sdpMLineIndex":-1}}',
    /candidate/,
  ],
  ["an error without a message", '{"t":"error","sessionId":"s"}', /message/],
];

for (const [name, text, message] of refusals) {
  Deno.test(`parseClientMessage() refuses ${name}`, () => {
    assert.throws(() => parseClientMessage(text), { code: "bad_message", message });
  });
}

Deno.test("parseClientMessage() names the session that a refused message was about", () => {
  assert.throws(() => parseClientMessage('{"t":"answer","sessionId":"s"}'), { sessionId: "s" });
  assert.throws(() => parseClientMessage('{"t":"shout","sessionId":"s"}'), { sessionId: "s" });
});

Deno.test("parseClientMessage() takes an sdp of exactly the limit, and not one byte more", () => {
  const offer = (sdp: string) => JSON.stringify({ t: "answer", sessionId: "s", sdp });
  parseClientMessage(offer("x".repeat(SDP_BYTES)));
  assert.throws(() => parseClientMessage(offer("x".repeat(SDP_BYTES + 1))), {
    code: "too_large",
    sessionId: "s",
  });
  assert.throws(() => parseClientMessage(offer("€".repeat(SDP_BYTES / 2))), { code: "too_large" });
});

Deno.test("parseClientMessage() refuses a message over the limit before it parses it", () => {
  assert.throws(() => parseClientMessage("[".repeat(MESSAGE_BYTES + 1)), { code: "too_large" });
  assert.throws(() => parseClientMessage("€".repeat(MESSAGE_BYTES / 2)), { code: "too_large" });
  assert.throws(() => parseClientMessage("[".repeat(MESSAGE_BYTES)), { code: "bad_message" });
});

Deno.test("parseClientMessage() cuts what people read, and does not refuse it", () => {
  const message = parseClientMessage(JSON.stringify({ t: "error", message: "x".repeat(5000) }));
  assert(message.t === "error" && message.message.length === 512);
});

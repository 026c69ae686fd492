/**
 * What is no message, and what other implementations make of a message (spec: signaling.md):
 * tables, over real sockets against the real program.
 *
 * @module
 */
import assert from "node:assert/strict";
import { settled } from "./broker_client.ts";
import {
  CANDIDATE,
  enter,
  type Message,
  says,
  type Scene,
  SDP,
  type State,
  table,
} from "./broker_scenes.ts";

const NO_OBJECT = { message: "Cannot read the message: expected a JSON object" };
const NO_JSON = { message: "Cannot read the message: it is not JSON" };
const NO_TEXT = { message: "Cannot read the message: expected JSON text" };
const NO_TYPE = { message: 'Cannot read the message: unknown type "t"' };

/** What is no message at all, and what is said of it, whoever sends it. */
const UNREADABLE: readonly (readonly [name: string, text: string | Uint8Array, reply: Message])[] =
  [
    ["nothing", "", NO_JSON],
    ["bytes", new Uint8Array([0x7b, 0x7d]), NO_TEXT],
    ["no bytes", new Uint8Array(0), NO_TEXT],
    ["broken JSON", '{"t":', NO_JSON],
    ["two messages in one", '{"t":"ping"}{"t":"ping"}', NO_JSON],
    ["a byte order mark", '\ufeff{"t":"ping"}', NO_JSON],
    ["null", "null", NO_OBJECT],
    ["a string", '"ping"', NO_OBJECT],
    ["a number", "1e999", NO_OBJECT],
    ["an array", '[{"t":"ping"}]', NO_OBJECT],
    ["deep nesting, closed", "[".repeat(60_000) + "]".repeat(60_000), NO_OBJECT],
    ["deep nesting, left open", '{"t":'.repeat(20_000), NO_JSON],
    ["no type", "{}", NO_TYPE],
    ["a type that is null", '{"t":null}', NO_TYPE],
    ["a type that is an array", '{"t":["ping"]}', NO_TYPE],
    ["a type of another case", '{"t":"PING"}', NO_TYPE],
    ["an unknown type", '{"t":"shout","sessionId":"s"}', { ...NO_TYPE, sessionId: "s" }],
    ["a type of the broker's own", '{"t":"registered","podId":"p"}', NO_TYPE],
    ["a type of Object's", '{"t":"constructor"}', NO_TYPE],
    ["a type named __proto__", '{"t":"__proto__"}', NO_TYPE],
    ["a type in a prototype", '{"__proto__":{"t":"ping"}}', NO_TYPE],
    ["the later of two types", '{"t":"ping","t":"shout"}', NO_TYPE],
  ];

/** What each member must be, as the broker says it. */
const EXPECTED = {
  podId: "a string of 1 to 128 characters",
  sessionId: "a string of 1 to 128 characters",
  sdp: "a string that is not empty",
  candidate: "an RTCIceCandidateInit of at most 1024 characters, or null",
  message: "a string",
} as const;

const long = (characters: number) => `"${"x".repeat(characters)}"`;

/** Messages with one wrong member: their type, which it is, and what they have beside the type. */
const WRONG: readonly (readonly [type: string, wrong: keyof typeof EXPECTED, members: string])[] = [
  ["register", "podId", ""],
  ["register", "podId", '"podId":null'],
  ["register", "podId", '"podId":7'],
  ["register", "podId", '"podId":["p"]'],
  ["register", "podId", '"podId":""'],
  ["register", "podId", `"podId":${long(129)}`],
  ["register", "podId", '"__proto__":{"podId":"p"}'],
  ["register", "podId", '"podId":"p","podId":null'],

  ["offer", "podId", '"sessionId":"s","sdp":"v"'],
  ["offer", "podId", '"podId":null,"sessionId":"s","sdp":"v"'],
  ["offer", "sessionId", '"podId":"p","sdp":"v"'],
  ["offer", "sessionId", '"podId":"p","sessionId":null,"sdp":"v"'],
  ["offer", "sessionId", '"podId":"p","sessionId":1e400,"sdp":"v"'],
  ["offer", "sessionId", `"podId":"p","sessionId":${long(129)},"sdp":"v"`],
  ["offer", "sdp", '"podId":"p","sessionId":"s"'],
  ["offer", "sdp", '"podId":"p","sessionId":"s","sdp":null'],
  ["offer", "sdp", '"podId":"p","sessionId":"s","sdp":""'],
  ["offer", "sdp", '"podId":"p","sessionId":"s","sdp":{"type":"offer","sdp":"v"}'],

  ["answer", "sessionId", '"sdp":"v"'],
  ["answer", "sessionId", '"sessionId":[],"sdp":"v"'],
  ["answer", "sdp", '"sessionId":"s"'],
  ["answer", "sdp", '"sessionId":"s","sdp":["v"]'],

  ["candidate", "sessionId", '"candidate":null'],
  ["candidate", "podId", '"podId":null,"sessionId":"s","candidate":null'],
  ["candidate", "candidate", '"sessionId":"s"'],
  ["candidate", "candidate", '"sessionId":"s","candidate":"candidate:1"'],
  ["candidate", "candidate", '"sessionId":"s","candidate":[]'],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"candidate":1}'],
  ["candidate", "candidate", `"sessionId":"s","candidate":{"candidate":${long(1025)}}`],
  ["candidate", "candidate", `"sessionId":"s","candidate":{"sdpMid":${long(257)}}`],
  ["candidate", "candidate", `"sessionId":"s","candidate":{"usernameFragment":${long(257)}}`],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"sdpMid":0}'],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"sdpMLineIndex":-1}'],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"sdpMLineIndex":0.5}'],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"sdpMLineIndex":65536}'],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"sdpMLineIndex":1e400}'],
  ["candidate", "candidate", '"sessionId":"s","candidate":{"sdpMLineIndex":"0"}'],

  ["error", "message", '"sessionId":"s"'],
  ["error", "message", '"sessionId":"s","message":{}'],
  ["error", "sessionId", '"sessionId":7,"message":"no"'],
];

function wrongMember([type, wrong, members]: typeof WRONG[number]) {
  const text = `{"t":"${type}"${members === "" ? "" : `,${members}`}}`;
  const message = `Cannot read "${type}": its ${wrong} must be ${EXPECTED[wrong]}`;
  // A reply names the session wherever that can be read.
  const about = members.includes('"sessionId":"s"') ? { sessionId: "s" } : {};
  return [text.slice(0, 80), text, { ...about, message }] as const;
}

table(
  "what cannot be read is said to be so, to whoever sent it, and the line stays good",
  [...UNREADABLE, ...WRONG.map(wrongMember)].flatMap(([name, text, reply]) =>
    (["nobody", "visitor, offered", "host, answered"] as const).map((state) =>
      [`${name}, from a ${state}`, { state, text, reply }] as const
    )
  ),
  async ({ url }, { state, text, reply }) => {
    await using scene = await enter(url, state);
    await says(scene.client, text, { t: "error", ...reply });
    assert.deepEqual(await settled(scene.other), []);
  },
);

const LONG_ID = "\u{1f600}".repeat(64); // 128 UTF-16 units, which is how every client counts

/** What clients in the field send beside our own forms: it works, and arrives in the bare form. */
const FOREIGN: readonly (readonly [
  name: string,
  row: { state: State; say: (scene: Scene) => string | Message; told?: Message; passed?: Message },
])[] = [
  ["register with a proof that is null", {
    state: "nobody",
    say: () => ({ t: "register", podId: "field", proof: null }),
    told: { t: "registered", podId: "field" },
  }],
  ["register with members that we do not know", {
    state: "nobody",
    say: () => '{"podId":"field","t":"register","version":2,"__proto__":{"role":"admin"}}',
    told: { t: "registered", podId: "field" },
  }],
  ["register an id of any letters", {
    state: "nobody",
    say: () => ({ t: "register", podId: LONG_ID }),
    told: { t: "registered", podId: LONG_ID },
  }],
  ["register an id that is half a character", {
    state: "nobody",
    say: () => '{"t":"register","podId":"\\ud83d\\u0000\\n"}',
    told: { t: "registered", podId: "\ud83d\u0000\n" },
  }],
  ["register the pod again", {
    state: "host, offered",
    say: ({ podId }) => ({ t: "register", podId }),
    told: { t: "registered" },
  }],
  ["offer with members that we do not know", {
    state: "visitor",
    say: ({ podId, sessionId }) => ({
      t: "offer",
      sdp: SDP,
      podId,
      sessionId,
      type: "offer",
      from: "x",
    }),
    passed: { t: "offer", sdp: SDP },
  }],
  ["offer of which the later of two members counts", {
    state: "nobody",
    say: ({ podId, sessionId }) =>
      `{"t":"ping","podId":"p","sdp":"w","t":"offer","podId":"${podId}",` +
      `"sessionId":"${sessionId}","sdp":"v"}`,
    passed: { t: "offer", sdp: "v" },
  }],
  ["candidate with the pod's id", {
    state: "visitor, offered",
    say: ({ podId, sessionId }) => ({ t: "candidate", podId, sessionId, candidate: CANDIDATE }),
    passed: { t: "candidate", candidate: CANDIDATE },
  }],
  ["candidate with another pod's id", {
    state: "visitor, offered",
    say: ({ sessionId }) => ({ t: "candidate", podId: "p", sessionId, candidate: CANDIDATE }),
    passed: { t: "candidate", candidate: CANDIDATE },
  }],
  ["candidate before the answer, of a Host", {
    state: "host, offered",
    say: ({ sessionId }) => ({ t: "candidate", sessionId, candidate: CANDIDATE }),
    passed: { t: "candidate", candidate: CANDIDATE },
  }],
  ["candidate with all that a browser writes", {
    state: "host, answered",
    say: ({ sessionId }) => ({
      t: "candidate",
      sessionId,
      candidate: {
        ...CANDIDATE,
        sdpMLineIndex: 0,
        usernameFragment: "ufrag",
        foundation: "1",
        url: "stun:192.0.2.1",
      },
    }),
    passed: {
      t: "candidate",
      candidate: { ...CANDIDATE, sdpMLineIndex: 0, usernameFragment: "ufrag" },
    },
  }],
  ["candidate with null for what is not known", {
    state: "visitor, answered",
    say: ({ sessionId }) => ({
      t: "candidate",
      sessionId,
      candidate: { candidate: "c", sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
    }),
    passed: {
      t: "candidate",
      candidate: { candidate: "c", sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
    },
  }],
  ["candidate of an empty line: there are no more", {
    state: "visitor, offered",
    say: ({ sessionId }) => ({
      t: "candidate",
      sessionId,
      candidate: { candidate: "", sdpMid: "0", sdpMLineIndex: 0 },
    }),
    passed: { t: "candidate", candidate: { candidate: "", sdpMid: "0", sdpMLineIndex: 0 } },
  }],
  ["candidate of an empty object: there are no more", {
    state: "host, offered",
    say: ({ sessionId }) => ({ t: "candidate", sessionId, candidate: {} }),
    passed: { t: "candidate", candidate: {} },
  }],
  ["error that is longer than anybody reads", {
    state: "host, offered",
    say: ({ sessionId }) => ({ t: "error", sessionId, message: "x".repeat(5_000) }),
    passed: { t: "error", message: "x".repeat(512) },
  }],
];

table(
  "clients of other implementations work, and get what they know",
  FOREIGN,
  async ({ url }, { state, say, told, passed }) => {
    await using scene = await enter(url, state);
    const { podId, sessionId } = scene;
    await says(scene.client, say(scene), told && { podId, ...told });
    assert.deepEqual(
      await settled(scene.other),
      passed === undefined ? [] : [{ ...passed, sessionId }],
    );
  },
);

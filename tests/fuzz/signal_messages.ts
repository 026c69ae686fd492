import { mangled, type Random } from "./signal_random.ts";

type Message = Record<string, unknown>;

const CANDIDATE = { candidate: "candidate:1 1 UDP 1 192.0.2.7 9 typ host", sdpMid: "0" };

/** What a Host and a visitor say in a conversation that succeeds. */
function conversation(podId: string, sessionId: string): Message[] {
  const sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n";
  return [
    { t: "register", podId },
    { t: "ping" },
    { t: "offer", podId, sessionId, sdp },
    { t: "candidate", podId, sessionId, candidate: CANDIDATE },
    { t: "answer", sessionId, sdp },
    { t: "candidate", sessionId, candidate: { ...CANDIDATE, sdpMLineIndex: 0 } },
    { t: "candidate", sessionId, candidate: null },
    { t: "error", sessionId, message: "no path" },
    { t: "error", message: "no" },
    { t: "pong" },
    // What is not of the wire yet, or never will be.
    { t: "prove", podId, delegation: "AA==", delegation_sig: "AA==", sig: "AA==" },
    { t: "relay-open", podId, sessionId, key: "AA==" },
    { t: "relay", sessionId, frame: "AA==" },
    { t: "registered", podId },
  ];
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  0.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "\u0000",
  "\ud800",
  "\u202e\u2028",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "$inject.>.*",
  "x".repeat(128),
  "x".repeat(129),
  "€".repeat(2_000),
  [],
  [[]],
  {},
  { toString: null },
  { candidate: { candidate: {} } },
  Array(500).fill({}),
];

/**
 * Messages as a hostile client sends them: those of a conversation, mixed over the roles, out of
 * order, with members swapped, taken away and put in, and their text damaged.
 *
 * @param sessionIds ids to speak of; a stranger's may be among them
 */
export function hostileMessages(random: Random, sessionIds: readonly string[]): Uint8Array[] {
  const utf8 = new TextEncoder();
  const messages = Array.from({ length: 1 + random.below(24) }, () => {
    const podId = `fuzz-${random.below(random.pick([2, 1_000_000]))}`;
    const message = random.pick(conversation(podId, random.pick(sessionIds)));
    const text = textOf(random.chance(0.5) ? message : changed(message, random), random);
    const bytes = utf8.encode(text);
    // Bytes that are not UTF-8 end the socket, and what comes after is not read.
    return random.chance(0.25) ? mangled(bytes, random, random.chance(0.9) ? 0x7f : 0xff) : bytes;
  });
  // A burst of one message: past the limits of a session and of a socket.
  const [first] = messages;
  if (first !== undefined && random.chance(0.05)) messages.push(...Array(70).fill(first));
  return messages;
}

/** A message with one to three of its members wrong. */
function changed(message: Message, random: Random): Message {
  const result: Message = { ...message };
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const member = random.pick([...Object.keys(result), "t", "podId", "sessionId", "sdp"]);
    const swap = () => result[member] = random.pick(VALUES);
    random.pick<() => void>([
      swap,
      swap,
      swap,
      () => delete result[member],
      () => result[random.pick(["candidate", "message", "extra"])] = result[member],
      () => result[member] = random.pick([[result[member]], { [member]: result[member] }]),
      () => result[member] = "x".repeat(random.pick([1_025, 65_536, 65_537, 140_000])),
    ])();
  }
  return result;
}

/** A message as JSON, in a form that no `JSON.stringify` writes, now and then. */
function textOf(message: Message, random: Random): string {
  const text = JSON.stringify(message);
  if (!random.chance(0.1)) return text;
  return random.pick([
    ` \n\t${text}\r\n`,
    `\ufeff${text}`,
    `[${text}]`,
    text + text,
    text.replace(/}$/, `,${text.slice(1)}`), // every member twice
    text.replace("{", '{"__proto__":{"t":"register","podId":"fuzz"},'),
    `${'{"a":'.repeat(5_000)}${text}${"}".repeat(5_000)}`,
    text.replace(/"t":"/, '"t":"\\u0074'),
    text.replace(/}$/, ',"sdpMLineIndex":1e999}'),
  ]);
}

/**
 * What comes of every message in every state, and at every limit (spec: signaling.md): tables, over
 * real sockets against the real program. What no message is: `broker_forms_test.ts`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connect, connectHost, settled, turnedAway } from "./broker_client.ts";
import {
  bystanders,
  CANDIDATE,
  enter,
  type Message,
  says,
  type Scene,
  SDP,
  startSignal,
  type State,
  STATES,
  table,
} from "./broker_scenes.ts";

/** A message about the scene's own session, a stranger's (`theirs`), or one that nobody has. */
type Say = (scene: Scene, theirs: string) => Message;

const MESSAGES: Readonly<Record<string, Say>> = {
  "register": () => ({ t: "register", podId: crypto.randomUUID() }),
  "offer, new id": ({ podId }) => ({ ...OFFER, podId, sessionId: crypto.randomUUID() }),
  "offer, own id": ({ podId, sessionId }) => ({ ...OFFER, podId, sessionId }),
  "offer, their id": ({ podId }, theirs) => ({ ...OFFER, podId, sessionId: theirs }),
  "offer, no Host": () => ({ ...OFFER, podId: "nobody's", sessionId: crypto.randomUUID() }),
  "answer, own": ({ sessionId }) => ({ t: "answer", sessionId, sdp: SDP }),
  "answer, theirs": (_, sessionId) => ({ t: "answer", sessionId, sdp: SDP }),
  "answer, unknown": () => ({ t: "answer", sessionId: "unknown", sdp: SDP }),
  "candidate, own": ({ sessionId }) => ({ t: "candidate", sessionId, candidate: CANDIDATE }),
  "candidate, end": ({ sessionId }) => ({ t: "candidate", sessionId, candidate: null }),
  "candidate, theirs": (_, sessionId) => ({ t: "candidate", sessionId, candidate: CANDIDATE }),
  "candidate, unknown": () => ({ t: "candidate", sessionId: "unknown", candidate: null }),
  "error, own": ({ sessionId }) => ({ t: "error", sessionId, message: "no path" }),
  "error, theirs": (_, sessionId) => ({ t: "error", sessionId, message: "go away" }),
  "error, unknown": () => ({ t: "error", sessionId: "unknown", message: "go away" }),
  "error, of none": () => ({ t: "error", message: "you are wrong" }),
  "pong": () => ({ t: "pong" }),
};
const OFFER = { t: "offer", sdp: SDP };

// A column is a state, in the order of STATES. `-`: nothing comes of it. `passed`: the other side
// gets it. Anything else is what the sender gets: see REPLIES. Each cell ends with a ping, so that
// one is answered in every state.
const OUTCOMES = `
                    nobody   |visitor  offered   answered  ended   |host      offered   answered  ended
register           |has-pod  |no-pod   no-pod    no-pod    no-pod  |has-pod   has-pod   has-pod   has-pod
offer, new id      |passed   |passed   passed    passed    passed  |no-offer  no-offer  no-offer  no-offer
offer, own id      |passed   |passed   in-use    in-use    passed  |no-offer  no-offer  no-offer  no-offer
offer, their id    |in-use   |in-use   in-use    in-use    in-use  |no-offer  no-offer  no-offer  no-offer
offer, no Host     |offline  |offline  offline   offline   offline |no-offer  no-offer  no-offer  no-offer
answer, own        |unknown  |unknown  no-answer no-answer unknown |unknown   passed    again     unknown
answer, theirs     |unknown  |unknown  unknown   unknown   unknown |unknown   unknown   unknown   unknown
answer, unknown    |unknown  |unknown  unknown   unknown   unknown |unknown   unknown   unknown   unknown
candidate, own     |unknown  |unknown  passed    passed    -       |unknown   passed    passed    -
candidate, end     |unknown  |unknown  passed    passed    -       |unknown   passed    passed    -
candidate, theirs  |unknown  |unknown  unknown   unknown   unknown |unknown   unknown   unknown   unknown
candidate, unknown |unknown  |unknown  unknown   unknown   unknown |unknown   unknown   unknown   unknown
error, own         |unknown  |unknown  passed    passed    -       |unknown   passed    passed    -
error, theirs      |unknown  |unknown  unknown   unknown   unknown |unknown   unknown   unknown   unknown
error, unknown     |unknown  |unknown  unknown   unknown   unknown |unknown   unknown   unknown   unknown
error, of none     |-        |-        -         -         -       |-         -         -         -
pong               |-        |-        -         -         -       |-         -         -         -
`;

const REPLIES: Readonly<Record<string, (message: Message) => Message>> = {
  "has-pod": ({ podId }) => ({ t: "registered", podId }),
  "no-pod": () => ({ t: "error", message: "a visitor cannot register a pod" }),
  "no-offer": complaint("a Host cannot make an offer"),
  "no-answer": complaint("a visitor cannot answer an offer"),
  "in-use": complaint("the session id is in use"),
  "offline": complaint("origin offline"),
  "unknown": complaint("unknown session"),
  "again": complaint("the session is answered already"),
};

function complaint(message: string): (about: Message) => Message {
  return ({ sessionId }) => ({ t: "error", sessionId, message });
}

interface Cell {
  say: Say;
  state: State;
  outcome: string;
}

/** The table above, a cell at a time. */
function cells(): [name: string, cell: Cell][] {
  const states = Object.keys(STATES) as State[]; // its own keys, no others
  return OUTCOMES.trimEnd().split("\n").slice(2).flatMap((line) => {
    const name = line.slice(0, line.indexOf("|")).trim();
    const say = MESSAGES[name];
    const outcomes = line.slice(line.indexOf("|")).split(/[|\s]+/).filter((word) => word !== "");
    assert(say !== undefined && outcomes.length === states.length, line);
    return states.map((state, column): [string, Cell] => {
      const outcome = outcomes[column] ?? "";
      assert(outcome === "-" || outcome === "passed" || Object.hasOwn(REPLIES, outcome), line);
      return [`${name}, from a ${state}: ${outcome}`, { say, state, outcome }];
    });
  });
}

table(
  "every message in every state is answered as the table says, and nobody else sees it",
  cells(),
  async ({ url }, { say, state, outcome }, theirs) => {
    await using scene = await enter(url, state);
    const message = say(scene, theirs);
    await says(scene.client, message, REPLIES[outcome]?.(message));
    const { podId: _, ...bare } = message; // as other implementations know it
    assert.deepEqual(await settled(scene.other), outcome === "passed" ? [bare] : []);
  },
);

/** What a client says until it is too much. */
interface Excess {
  readonly state: State;
  /** As much as is allowed. */
  readonly within: (scene: Scene) => readonly Message[];
  /** One more, or something larger. */
  readonly beyond: (scene: Scene) => Message | string;
  /** What is said of it. */
  readonly reply: (scene: Scene) => Message;
  /** What the other side is told when the line is closed; nothing where it was answered. */
  readonly then?: string;
}

const KIB = 1024;
const offer = ({ podId, sessionId }: Scene, sdp: string) => ({ ...OFFER, podId, sessionId, sdp });
const answer = ({ sessionId }: Scene, sdp: string) => ({ t: "answer", sessionId, sdp });
const candidates = (candidate: object | null) => ({
  within: ({ sessionId }: Scene) => Array(64).fill({ t: "candidate", sessionId, candidate }),
  beyond: ({ sessionId }: Scene) => ({ t: "candidate", sessionId, candidate }),
  reply: ({ sessionId }: Scene) => ({ sessionId, message: "at most 64 candidates a session" }),
});
const TOO_LARGE = { message: "Cannot read the message: it is over 131072 bytes" };
const TOO_LONG = "Cannot take the description: its sdp is over 65536 bytes";

const EXCESSES: readonly (readonly [name: string, row: Excess])[] = [
  ["a message over 128 KiB", {
    state: "visitor, offered",
    within: () => [],
    beyond: () => '{"t":"ping"}'.padEnd(128 * KIB + 1),
    reply: () => TOO_LARGE,
    then: "visitor left",
  }],
  ["a message over 128 KiB in bytes, though not in letters", {
    state: "host, offered",
    within: () => [],
    beyond: () => `"${"€".repeat(44 * KIB)}"`,
    reply: () => TOO_LARGE,
    then: "origin offline",
  }],
  ["an offer over 64 KiB", {
    state: "visitor",
    within: (scene) => [offer(scene, "x".repeat(64 * KIB))],
    beyond: (scene) => offer({ ...scene, sessionId: "another" }, "x".repeat(64 * KIB + 1)),
    reply: () => ({ sessionId: "another", message: TOO_LONG }),
    then: "visitor left",
  }],
  ["an answer over 64 KiB", {
    state: "host, offered",
    within: (scene) => [answer(scene, "x".repeat(64 * KIB))],
    beyond: (scene) => answer(scene, "€".repeat(22 * KIB)),
    reply: ({ sessionId }) => ({ sessionId, message: TOO_LONG }),
  }],
  ["a visitor's 65th candidate", {
    state: "visitor, offered",
    ...candidates(CANDIDATE),
    then: "visitor left",
  }],
  ["a Host's 65th candidate", {
    state: "host, offered",
    ...candidates(CANDIDATE),
    then: "origin offline",
  }],
  ["a candidate after the answer", { state: "host, answered", ...candidates(CANDIDATE) }],
  ["an end of candidates, said 65 times", { state: "visitor, answered", ...candidates(null) }],
  ["a socket's 257th pod", {
    state: "host, offered",
    within: () => Array.from({ length: 255 }, (_, i) => ({ t: "register", podId: `many-${i}` })),
    beyond: () => ({ t: "register", podId: "one-too-many" }),
    reply: () => ({ message: "at most 256 pods a socket" }),
    then: "origin offline",
  }],
];

table(
  "over a limit there is an error, then close 4029, and only that line is closed",
  EXCESSES,
  async ({ url }, { state, within, beyond, reply, then }) => {
    await using scene = await enter(url, state);
    const { client, other, sessionId } = scene;
    const allowed = within(scene);
    for (const message of allowed) client.send(message);
    const told = await settled(client);
    assert(!JSON.stringify(told).includes('"error"'), "what is allowed is not complained of");
    if (told.length === 0) assert.equal((await settled(other)).length, allowed.length);
    client.send(beyond(scene));
    const { told: last, code } = await turnedAway(client);
    assert.deepEqual(last, [{ t: "error", ...reply(scene) }]);
    assert.equal(code, 4029);
    const goodbye = then === undefined ? [] : [{ t: "error", sessionId, message: then }];
    assert.deepEqual(await settled(other), goodbye);
  },
);

Deno.test("the 61st new session of an address within a minute is over a limit", async () => {
  await using broker = await startSignal();
  await using scene = await enter(broker.url, "host, offered"); // the first
  const visitor = await connect(broker.url);
  for (let i = 2; i <= 60; i++) visitor.send(offer({ ...scene, sessionId: `s${i}` }, SDP));
  assert.deepEqual(await settled(visitor), []);
  assert.equal((await settled(scene.client)).length, 59);
  visitor.send(offer({ ...scene, sessionId: "s61" }, SDP));
  const { told, code } = await turnedAway(visitor);
  const message = "at most 60 new sessions a minute";
  assert.deepEqual(told, [{ t: "error", sessionId: "s61", message }]);
  assert.equal(code, 4029);

  // Another socket of that address has none left either; sessions in progress go on.
  scene.other.send(offer({ ...scene, sessionId: "s62" }, SDP));
  scene.client.send(answer(scene, SDP));
  assert.deepEqual((await turnedAway(scene.other)).told, [
    { t: "error", sessionId: "s62", message },
  ]);
});

Deno.test("a session that is not finished in its time ends, and who waits for an answer is told", async () => {
  await using broker = await startSignal("--limits", "session_lifetime_s=1");
  await using scene = await enter(broker.url, "visitor, offered");
  const { client, other, sessionId } = scene;
  const message = "the session took too long";
  assert.deepEqual(await client.next(), { t: "error", sessionId, message });
  await says(other, answer(scene, SDP), { t: "error", sessionId, message: "unknown session" });
  assert.deepEqual(await settled(client), []);
});

Deno.test("a newer registration closes the older socket with 4001, its other pods with it", async () => {
  await using broker = await startSignal("--limits", "off");
  await using others = await bystanders(broker.url);
  await others.begin();
  await using older = await connectHost(broker.url, "cafe", "bar");
  await using visitor = await connect(broker.url);
  visitor.send({ ...OFFER, podId: "bar", sessionId: "s" });
  assert.deepEqual(await older.next(), { ...OFFER, podId: "bar", sessionId: "s" });
  await using newer = await connectHost(broker.url, "cafe");
  const { told, code, reason } = await turnedAway(older);
  assert.deepEqual({ told, code, reason }, {
    told: [],
    code: 4001,
    reason: "replaced by new origin",
  });
  // Its open session ends with it, and only the pod that was taken over has a Host.
  assert.deepEqual(await settled(visitor), [
    { t: "error", sessionId: "s", message: "origin offline" },
  ]);
  visitor.send({ ...OFFER, podId: "bar", sessionId: "t" });
  visitor.send({ ...OFFER, podId: "cafe", sessionId: "u" });
  assert.deepEqual(await settled(visitor), [
    { t: "error", sessionId: "t", message: "origin offline" },
  ]);
  assert.deepEqual(await settled(newer), [{ ...OFFER, sessionId: "u" }]);
  await others.complete();
});

import assert from "node:assert/strict";
import { ENDED_SESSIONS_REMEMBERED, LIMITS_WITHOUT_ADDRESSES } from "../../../src/signal/limits.ts";
import { type FakeClient, fakeHub } from "./fake_connection.ts";

const offer = (sessionId: string, podId = "cafe") => ({ t: "offer", podId, sessionId, sdp: "v=0" });
const answer = (sessionId: string) => ({ t: "answer", sessionId, sdp: "v=0" });
const candidate = (sessionId: string) => ({
  t: "candidate",
  sessionId,
  candidate: { candidate: "c" },
});
const unknown = (sessionId: string) => ({ t: "error", sessionId, message: "unknown session" });

/** A hub with a Host of the pod `cafe`, and a number of others. */
function place(others: number) {
  const fake = fakeHub({ limits: LIMITS_WITHOUT_ADDRESSES });
  const host = fake.client();
  host.say({ t: "register", podId: "cafe" });
  host.got.length = 0;
  return { fake, host, others: Array.from({ length: others }, () => fake.client()) };
}

/** What a client got since it was last asked. */
function news(client: FakeClient): unknown[] {
  return client.got.splice(0);
}

Deno.test("Hub keeps who had a session id before out of the session that has it now", () => {
  const { fake, host, others: [before, now] } = place(2);
  assert(before && now);
  before.say(offer("s"));
  before.say({ t: "error", sessionId: "s", message: "never mind" });
  now.say(offer("s"));
  news(host);
  for (const message of [candidate("s"), { t: "error", sessionId: "s", message: "end" }]) {
    before.say(message);
  }
  before.say(answer("s"));
  assert.deepEqual(news(before), [unknown("s")], "late candidates and errors are nobody's mistake");
  assert.deepEqual([news(host), news(now)], [[], []]);
  assert.equal(fake.hub.sessions, 1);
});

Deno.test("Hub gives a session to the socket that got the offer, not to the pod", () => {
  const { fake, host, others: [visitor, newer] } = place(2);
  assert(visitor && newer);
  visitor.say(offer("s"));
  visitor.say(offer("t"));
  host.say(answer("t"));
  news(visitor);
  newer.say({ t: "register", podId: "cafe" });
  assert.equal(host.closed()?.code, 4001);
  assert.deepEqual(
    news(visitor),
    [{ t: "error", sessionId: "s", message: "origin offline" }],
    "an answered session needs its broker no more",
  );
  news(newer);
  for (const id of ["s", "t"]) {
    for (const message of [answer(id), candidate(id), { t: "error", sessionId: id, message: "" }]) {
      newer.say(message);
      assert.deepEqual(news(newer), [unknown(id)]);
    }
  }
  host.say(answer("s"));
  host.say(candidate("t"));
  visitor.say(candidate("t"));
  assert.deepEqual([news(visitor), news(newer)], [[], []]);
  assert.equal(fake.hub.sessions, 0);
});

Deno.test("Hub lets a session go on while its Host registers more pods", () => {
  const { host, others: [visitor] } = place(1);
  assert(visitor);
  visitor.say(offer("s"));
  for (let i = 0; i < 5; i++) host.say({ t: "register", podId: `more-${i}` });
  host.say({ t: "register", podId: "cafe" });
  host.say(answer("s"));
  assert.deepEqual(news(visitor), [answer("s")]);
});

Deno.test("Hub keeps the sessions of one visitor apart", () => {
  const { host, others: [visitor] } = place(1);
  assert(visitor);
  visitor.say(offer("s"));
  visitor.say(offer("t"));
  host.say({ t: "error", sessionId: "s", message: "full" });
  host.say(answer("t"));
  assert.deepEqual(news(visitor), [
    { t: "error", sessionId: "s", message: "full" },
    answer("t"),
  ]);
});

Deno.test("Hub lets the other side of a session hear only so many complaints", () => {
  const { fake, host, others: [visitor] } = place(1);
  assert(visitor);
  visitor.say(offer("s"));
  host.say(answer("s"));
  news(host);
  for (let i = 0; i < 1_000; i++) visitor.say({ t: "error", sessionId: "s", message: `${i}` });
  assert.equal(visitor.closed()?.code, 4029);
  assert.equal(news(host).length, 64);
  assert.equal(host.closed(), undefined);
  assert.equal(fake.hub.origins, 1);
});

Deno.test("Hub lets nobody fill the line of a Host that does not keep up", () => {
  const { fake, host, others: [visitor] } = place(1);
  assert(visitor);
  const busy = (sessionId: string) => ({
    t: "error",
    sessionId,
    message: "the other side does not keep up",
  });
  visitor.say(offer("s"));
  visitor.say(offer("t"));
  host.say(answer("t"));
  visitor.got.length = host.got.length = 0;
  host.busy = true;
  visitor.say(candidate("s"));
  visitor.say({ t: "error", sessionId: "t", message: "no path" });
  visitor.say(offer("u"));
  visitor.say(candidate("u"));
  assert.deepEqual(news(visitor), [busy("s"), busy("t"), busy("u")]);
  assert.deepEqual(news(host), []);
  assert.equal(fake.hub.sessions, 0);

  host.busy = false;
  visitor.say(offer("u"));
  assert.deepEqual(news(host), [{ t: "offer", sessionId: "u", sdp: "v=0" }]);
});

Deno.test("Hub forgets late candidates only of its newest ended sessions", () => {
  const { others: [visitor] } = place(1);
  assert(visitor);
  for (let i = 0; i <= ENDED_SESSIONS_REMEMBERED; i++) {
    visitor.say(offer(`s${i}`));
    visitor.say({ t: "error", sessionId: `s${i}`, message: "never mind" });
  }
  const before = visitor.got.length;
  visitor.say({ t: "candidate", sessionId: "s1", candidate: null });
  assert.equal(visitor.got.length, before);
  visitor.say({ t: "candidate", sessionId: "s0", candidate: null });
  assert.deepEqual(visitor.got.at(-1), { t: "error", sessionId: "s0", message: "unknown session" });
});

Deno.test("Hub holds nothing of clients that came, did what they could, and went", () => {
  const { fake, host } = place(0);
  for (let round = 0; round < 200; round++) {
    const [visitor, another, nobody] = [fake.client(), fake.client(), fake.client()];
    for (const id of ["s", "t", "u"]) visitor.say(offer(id));
    host.say(answer("s"));
    host.say({ t: "error", sessionId: "t", message: "full" });
    for (const id of ["s", "t", "u", "v"]) {
      visitor.say(candidate(id));
      host.say(candidate(id));
    }
    another.say({ t: "register", podId: `pod-${round}` });
    another.say({ t: "register", podId: "bar" }); // takes it over from the round before
    nobody.say("what?");
    visitor.leave();
    nobody.leave();
    nobody.leave(); // twice does no harm
  }
  assert.deepEqual([fake.hub.sessions, host.member.sessions.size], [0, 0]);
  assert.equal(fake.hub.origins, 3, "cafe, bar, and the last round's own");
});

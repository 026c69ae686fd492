import assert from "node:assert/strict";
import { DEFAULT_LIMITS, LIMITS_WITHOUT_ADDRESSES } from "../../../src/signal/limits.ts";
import { fakeHub } from "./fake_connection.ts";

const MINUTE = 60_000;

function offer(sessionId: string, podId = "cafe") {
  return { t: "offer", podId, sessionId, sdp: "v=0" };
}

Deno.test("Hub ends a session after 5 minutes, and tells a visitor who got no answer", () => {
  const fake = fakeHub();
  const [host, waiting, answered] = [fake.client(), fake.client(), fake.client()];
  host.say({ t: "register", podId: "cafe" });
  waiting.say(offer("s"));
  answered.say(offer("t"));
  host.say({ t: "answer", sessionId: "t", sdp: "v=0" });
  fake.now = 5 * MINUTE - 1;
  fake.hub.sweep();
  assert.equal(fake.hub.sessions, 2);
  fake.now = 5 * MINUTE;
  fake.hub.sweep();
  assert.equal(fake.hub.sessions, 0);
  assert.deepEqual(waiting.got, [
    { t: "error", sessionId: "s", message: "the session took too long" },
  ]);
  assert.deepEqual(answered.got, [{ t: "answer", sessionId: "t", sdp: "v=0" }]);
});

Deno.test("Hub closes a socket that is neither a Host nor a visitor within 60 s", () => {
  const fake = fakeHub();
  const [nobody, host] = [fake.client(), fake.client()];
  host.say({ t: "register", podId: "cafe" });
  fake.now = MINUTE - 1;
  fake.hub.sweep();
  assert.equal(nobody.closed(), undefined);
  fake.now = MINUTE;
  fake.hub.sweep();
  assert.equal(nobody.closed()?.code, 4008);
  assert.equal(host.closed(), undefined);
});

Deno.test("Hub pings a client that knows ping after 25 s, and closes it after 60 s", () => {
  const fake = fakeHub();
  const host = fake.client();
  host.say({ t: "register", podId: "cafe" });
  host.say({ t: "ping" });
  fake.now = 25_000;
  fake.hub.sweep();
  assert.deepEqual(host.got.slice(1), [{ t: "pong" }, { t: "ping" }]);
  fake.now = MINUTE;
  fake.hub.sweep();
  assert.equal(host.closed()?.code, 4008);
  assert.equal(fake.hub.origins, 0);
});

Deno.test("Hub keeps a client that answers its pings, one in 25 s of silence, and no longer", () => {
  const fake = fakeHub();
  const host = fake.client();
  host.say({ t: "register", podId: "cafe" });
  host.say({ t: "pong" });
  host.got.length = 0;
  let pings = 0;
  let heardAt = 0;
  function silentUntil(end: number, answer: boolean): void {
    for (; fake.now < end; fake.now += 5_000) {
      fake.hub.sweep();
      for (const { t } of host.got.splice(0)) {
        assert.equal(t, "ping");
        pings++;
        if (!answer) continue;
        host.say({ t: "pong" });
        heardAt = fake.now;
      }
    }
  }
  silentUntil(60 * MINUTE, true);
  assert.equal(host.closed(), undefined);
  assert.equal(pings, Math.floor(heardAt / 25_000));
  silentUntil(heardAt + MINUTE, false);
  assert.equal(host.closed(), undefined);
  fake.now = heardAt + MINUTE;
  fake.hub.sweep();
  assert.equal(host.closed()?.code, 4008);
});

Deno.test("Hub never pings or closes a silent Host of another implementation", () => {
  const fake = fakeHub();
  const host = fake.client();
  host.say({ t: "register", podId: "cafe" });
  for (fake.now = 0; fake.now < 60 * MINUTE; fake.now += 5_000) fake.hub.sweep();
  assert.deepEqual(host.got, [{ t: "registered", podId: "cafe" }]);
  assert.equal(host.closed(), undefined);
});

Deno.test("Hub counts new sessions by address, within any 60 s", () => {
  const fake = fakeHub();
  const crowd = fake.client("192.0.2.1");
  for (let i = 0; i < 60; i++) crowd.say(offer(`s${i}`));
  const other = fake.client("192.0.2.2");
  other.say(offer("t"));
  assert.equal(other.closed(), undefined, "another address is not in it");
  fake.now = MINUTE - 1;
  const early = fake.client("192.0.2.1");
  early.say(offer("u"));
  assert.deepEqual(early.got, [
    { t: "error", sessionId: "u", message: "at most 60 new sessions a minute" },
  ]);
  assert.equal(early.closed()?.code, 4029);
  fake.now = MINUTE;
  const late = fake.client("192.0.2.1");
  late.say(offer("v"));
  assert.equal(late.closed(), undefined);
});

Deno.test("Hub without limits by address still keeps the others", () => {
  const fake = fakeHub({ limits: LIMITS_WITHOUT_ADDRESSES });
  const [host, visitor] = [fake.client(), fake.client()];
  host.say({ t: "register", podId: "cafe" });
  for (let i = 0; i < 1000; i++) visitor.say(offer(`s${i}`));
  assert.equal(fake.hub.sessions, 1000);
  for (let i = 0; i < 65; i++) {
    visitor.say({ t: "candidate", sessionId: "s0", candidate: { candidate: "c" } });
  }
  assert.equal(visitor.closed()?.code, 4029);
});

Deno.test("Hub counts candidates a side, so that a visitor cannot use up the Host's", () => {
  const fake = fakeHub();
  const [host, visitor] = [fake.client(), fake.client()];
  host.say({ t: "register", podId: "cafe" });
  visitor.say(offer("s"));
  const candidate = { t: "candidate", sessionId: "s", candidate: { candidate: "c" } };
  for (let i = 0; i < 64; i++) visitor.say(candidate);
  for (let i = 0; i < 64; i++) host.say(candidate);
  assert.equal(visitor.closed(), undefined);
  assert.equal(host.closed(), undefined);
  host.say(candidate);
  assert.equal(host.closed()?.code, 4029);
  assert.equal(fake.hub.origins, 0);
});

Deno.test("Hub lets a socket register only so many pods", () => {
  const fake = fakeHub();
  const host = fake.client();
  for (let i = 0; i < DEFAULT_LIMITS.podsPerSocket; i++) {
    host.say({ t: "register", podId: `p${i}` });
  }
  host.say({ t: "register", podId: "p0" });
  assert.equal(host.closed(), undefined, "one that it has already is no further one");
  host.say({ t: "register", podId: "one-more" });
  assert.equal(host.closed()?.code, 4029);
  assert.equal(fake.hub.origins, 0);
});

Deno.test("Hub reads nothing more of a client that it has closed", () => {
  const fake = fakeHub();
  const client = fake.client();
  client.say("x".repeat(128 * 1024 + 1));
  assert.equal(client.closed()?.code, 4029);
  client.say({ t: "register", podId: "cafe" });
  assert.equal(fake.hub.origins, 0);
});

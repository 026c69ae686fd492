import assert from "node:assert/strict";
import type { Admission } from "../../../src/signal/admission.ts";
import { DEFAULT_LIMITS } from "../../../src/signal/limits.ts";
import { fakeHub } from "./fake_connection.ts";

/** A hub whose registrations wait until a test decides each, in the order that they came in. */
function decidingHub() {
  const decisions: PromiseWithResolvers<Admission>[] = [];
  const fake = fakeHub({
    admit() {
      const decision = Promise.withResolvers<Admission>();
      decisions.push(decision);
      return decision.promise;
    },
  });
  async function decide(nth: number, admission: Admission = { admitted: true }): Promise<void> {
    const decision = decisions[nth];
    assert(decision !== undefined, `there was no registration ${nth}`);
    decision.resolve(admission);
    await decision.promise;
    await settle();
  }
  return { fake, decide, asked: () => decisions.length };
}

/** Waits until all that was promised by now is done. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

const register = { t: "register", podId: "cafe" };
const REPLACED = { code: 4001, reason: "replaced by new origin" };
const CLAIMED: Admission = { admitted: false, message: "claimed by another", closeCode: 4003 };

Deno.test("Hub serves other messages while a registration waits to be admitted", async () => {
  const { fake, decide } = decidingHub();
  const host = fake.client();
  host.say(register);
  host.say({ t: "ping" });
  assert.deepEqual(host.got, [{ t: "pong" }]);
  assert.equal(fake.hub.origins, 0);
  await decide(0);
  assert.deepEqual(host.got, [{ t: "pong" }, { t: "registered", podId: "cafe" }]);
});

Deno.test("Hub closes an older Host only once the newer one was admitted", async () => {
  const { fake, decide } = decidingHub();
  const [older, impostor, newer] = [fake.client(), fake.client(), fake.client()];
  for (const client of [older, impostor, newer]) client.say(register);
  await decide(0);
  await decide(1, CLAIMED);
  assert.deepEqual(impostor.got, [{ t: "error", message: "claimed by another" }]);
  assert.equal(impostor.closed()?.code, 4003);
  assert.equal(older.closed(), undefined);
  await decide(2);
  assert.deepEqual(older.closed(), REPLACED);
  assert.equal(newer.closed(), undefined);
  assert.equal(fake.hub.origins, 1);
});

Deno.test("Hub gives a pod to the newer registration, though the older was admitted later", async () => {
  const { fake, decide } = decidingHub();
  const [older, newer, visitor] = [fake.client(), fake.client(), fake.client()];
  older.say(register);
  newer.say(register);
  await decide(1);
  assert.deepEqual(newer.got, [{ t: "registered", podId: "cafe" }]);
  await decide(0);
  assert.equal(newer.closed(), undefined);
  assert.deepEqual(older.closed(), REPLACED);
  visitor.say({ t: "offer", podId: "cafe", sessionId: "s", sdp: "v=0" });
  assert.equal(newer.got.at(-1)?.t, "offer");
  assert.equal(fake.hub.origins, 1);
});

Deno.test("Hub answers a pod that registers twice while it waits, and keeps one of it", async () => {
  const { fake, decide } = decidingHub();
  const host = fake.client();
  host.say(register);
  host.say(register);
  await decide(1);
  await decide(0);
  assert.deepEqual(host.got, Array(2).fill({ t: "registered", podId: "cafe" }));
  assert.equal(host.closed(), undefined);
  assert.equal(fake.hub.origins, 1);
});

Deno.test("Hub counts pods that wait to be admitted among those of their socket", () => {
  const { fake, asked } = decidingHub();
  const host = fake.client();
  for (let i = 0; i < DEFAULT_LIMITS.podsPerSocket; i++) {
    host.say({ t: "register", podId: `p${i}` });
  }
  assert.equal(host.closed(), undefined);
  host.say({ t: "register", podId: "one-more" });
  assert.equal(host.closed()?.code, 4029);
  assert.equal(asked(), DEFAULT_LIMITS.podsPerSocket);
});

Deno.test("Hub survives an admission that fails, and counts its pod no longer", async () => {
  let failing = true;
  const fake = fakeHub({
    admit: () => failing ? Promise.reject(new Error("the bus is down")) : { admitted: true },
  });
  const host = fake.client();
  host.say(register);
  await settle();
  assert.deepEqual(host.got, [{ t: "error", message: "the pod cannot be registered now" }]);
  for (let i = 0; i < DEFAULT_LIMITS.podsPerSocket; i++) {
    host.say({ t: "register", podId: `p${i}` });
    await settle();
  }
  failing = false;
  host.say(register);
  assert.deepEqual(host.got.at(-1), { t: "registered", podId: "cafe" });
});

Deno.test("Hub survives an admission that throws at once", () => {
  const fake = fakeHub({
    admit() {
      throw new Error("the database is gone");
    },
  });
  const host = fake.client();
  host.say(register);
  assert.deepEqual(host.got, [{ t: "error", message: "the pod cannot be registered now" }]);
  assert.equal(host.closed(), undefined);
  assert.equal(fake.hub.origins, 0);
});

Deno.test("Hub ends all of a Host whose registration is refused, and tells who waits for it", async () => {
  const { fake, decide } = decidingHub();
  const [host, visitor, again] = [fake.client(), fake.client(), fake.client()];
  host.say(register);
  await decide(0);
  visitor.say({ t: "offer", podId: "cafe", sessionId: "s", sdp: "v=0" });
  host.say({ t: "register", podId: "claimed" });
  await decide(1, CLAIMED);
  assert.deepEqual(host.closed(), { code: 4003, reason: "claimed by another" });
  assert.deepEqual(visitor.got, [{ t: "error", sessionId: "s", message: "origin offline" }]);
  assert.deepEqual([fake.hub.origins, fake.hub.sessions], [0, 0]);
  again.say(register);
  await decide(2);
  assert.deepEqual(again.got, [{ t: "registered", podId: "cafe" }]);
});

Deno.test("Hub leaves a pod's Host alone when another leaves before it was admitted", async () => {
  const { fake, decide } = decidingHub();
  const [host, other] = [fake.client(), fake.client()];
  host.say(register);
  await decide(0);
  other.say(register);
  other.leave();
  await decide(1);
  assert.equal(host.closed(), undefined);
  assert.equal(fake.hub.origins, 1);

  host.leave();
  assert.equal(fake.hub.origins, 0);
});

Deno.test("Hub keeps a Host that waits to be admitted for longer than a stranger may stay", () => {
  const { fake } = decidingHub();
  const host = fake.client();
  host.say(register);
  fake.now = 5 * 60_000;
  fake.hub.sweep();
  assert.equal(host.closed(), undefined);
});

import assert from "node:assert/strict";
import { type OpenOrigin, openOrigin, openOriginAfterHello, question } from "./open_origin.ts";
import { RawPeer } from "./raw_peer.ts";
import { CONVERSATION_ID } from "./session_pair.ts";
import { until } from "./until.ts";

const DAY = 24 * 60 * 60 * 1000;

/** The origin answered with this error, and is closed if it was fatal. */
function assertError(open: OpenOrigin, code: string, kind: "fatal" | "goes on"): void {
  const last = open.payloads("dartc.error").at(-1);
  assert.equal(last?.code, code);
  assert.equal(last?.fatal, kind === "fatal" ? true : undefined);
  assert.equal(open.origin.state, kind === "fatal" ? "closed" : "ready");
  assert.equal(open.originChannel.closeReason !== undefined, kind === "fatal");
  const refused = open.events.findLast((event) => event.type === "refused");
  assert.equal(refused?.code, code);
}

Deno.test("OriginSession says hello as soon as it is opened, to everybody", async () => {
  const { frames, origin } = await openOrigin();
  const [hello] = frames();
  assert.equal(hello?.topic, "dartc.hello");
  assert.equal(hello?.from, `origin:${origin.publicKeyHex}`);
  assert.equal(hello?.to, "*");
  assert.deepEqual(hello?.dartc, { requires_ack: true });
});

Deno.test("OriginSession answers a hello with an ack for it and then its card", async () => {
  const { origin, visitor, channel, frames, events } = await openOrigin();
  const hello = await visitor.frame("dartc.hello", { role: "visitor", agent_id: "visitor:x" });
  channel.send(JSON.stringify(hello));
  const [, ack, card] = frames();
  assert.deepEqual(ack?.payload, { ok: true });
  assert.deepEqual(ack?.dartc, { ack_for: hello.msg_id });
  assert.equal(ack?.to, `visitor:${visitor.hex}`);
  assert.equal(card?.topic, "a2a.discovery");
  assert.deepEqual(card?.payload, card?.a2a);
  assert.equal(origin.state, "ready");
  assert.deepEqual(events.map((event) => event.type), ["hello"]);
});

Deno.test("OriginSession reads the key from agent_id where from has none", async () => {
  const { origin, visitor, channel } = await openOrigin();
  channel.send(await visitor.hello({}, { from: "visitor:me" }));
  assert.equal(origin.visitor?.publicKeyHex, visitor.hex);
});

Deno.test("OriginSession refuses a hello without a key", async () => {
  const open = await openOrigin();
  open.channel.send(await open.visitor.hello({ agent_id: "visitor:me" }, { from: "visitor:me" }));
  assertError(open, "bad_signature", "fatal");
});

Deno.test("OriginSession refuses a first frame that is no frame", async () => {
  for (const text of ["", "hi", "null", "[]", "{}"]) {
    const open = await openOrigin();
    open.channel.send(text);
    assertError(open, "invalid_frame", "fatal");
  }
});

Deno.test("OriginSession refuses anything but a hello before the hello", async () => {
  for (const topic of ["gemmapod.chat.request", "dartc.ping", "dartc.close", "orders.created"]) {
    const open = await openOrigin();
    open.channel.send(await open.visitor.text(topic, question("1")));
    assertError(open, "invalid_frame", "fatal");
  }
});

Deno.test("OriginSession ends at a dartc.error before the hello, unverified as it is", async () => {
  const { origin, visitor, channel, events } = await openOrigin();
  channel.send(await visitor.text("dartc.error", { code: "bad_signature", message: "no" }));
  assert.equal(origin.state, "closed");
  assert.deepEqual(events.map((event) => event.type), ["error", "closed"]);
});

Deno.test("OriginSession refuses a hello signed by another key", async () => {
  const open = await openOrigin();
  const other = await RawPeer.make("visitor", open.clock);
  open.channel.send(await open.visitor.hello({}, { from: `visitor:${other.hex}` }));
  assertError(open, "bad_signature", "fatal");
});

Deno.test("OriginSession refuses a hello of another pod", async () => {
  const open = await openOriginAfterHello({}, { pod_id: "other" });
  assertError(open, "pod_mismatch", "fatal");
});

Deno.test("OriginSession takes a hello that names no pod", async () => {
  const { origin } = await openOriginAfterHello({}, { pod_id: undefined });
  assert.equal(origin.state, "ready");
});

Deno.test("OriginSession refuses a hello whose payload makes no sense", async () => {
  for (
    const hello of [
      { role: "owner" },
      { pod_id: 1 },
      { conversation_id: {} },
      { conversation_id: "local:dashboard" },
      { conversation_id: "a b" },
      { conversation_id: "x".repeat(129) },
      { signedManifestB64: 1 },
    ]
  ) {
    assertError(await openOriginAfterHello({}, hello), "invalid_frame", "fatal");
  }
});

Deno.test("OriginSession refuses a clock that is more than a day away", async () => {
  for (const skew of [-DAY - 1, DAY + 1]) {
    const open = await openOrigin();
    open.channel.send(await open.visitor.hello({}, { timestamp: open.clock.now + skew }));
    assertError(open, "stale_frame", "fatal");
  }
});

Deno.test("OriginSession takes a clock that is wrong by hours, and corrects it", async () => {
  const open = await openOrigin();
  const skew = -5 * 60 * 60 * 1000;
  open.channel.send(await open.visitor.hello({}, { timestamp: open.clock.now + skew }));
  const timestamp = open.clock.now + skew + 59_000;
  open.channel.send(await open.visitor.text("gemmapod.chat.request", question("1"), { timestamp }));
  assert.equal(open.events.at(-1)?.type, "chat");
});

Deno.test("OriginSession refuses a later frame that is more than a minute from now", async () => {
  for (const skew of [-60_001, 60_001, -3_600_000]) {
    const open = await openOriginAfterHello();
    const timestamp = open.clock.now + skew;
    open.channel.send(
      await open.visitor.text("gemmapod.chat.request", question("1"), { timestamp }),
    );
    assertError(open, "stale_frame", "goes on");
  }
});

Deno.test("OriginSession refuses a frame for somebody else", async () => {
  for (const to of ["pod:other:origin", "visitor:x", "", "pod:hello-pod:visitor"]) {
    const open = await openOriginAfterHello();
    open.channel.send(await open.visitor.text("gemmapod.chat.request", question("1"), { to }));
    assertError(open, "wrong_recipient", "goes on");
  }
});

Deno.test("OriginSession takes a frame for everybody, and one for its session key", async () => {
  const { origin, visitor, channel, events } = await openOriginAfterHello();
  for (const to of ["*", `origin:${origin.publicKeyHex}`]) {
    channel.send(await visitor.text("gemmapod.chat.request", question(to), { to }));
    assert.equal(events.at(-1)?.type, "chat");
  }
});

Deno.test("OriginSession refuses a frame that was here before", async () => {
  const open = await openOriginAfterHello();
  const text = await open.visitor.text("gemmapod.chat.cancel", { request_id: "1" });
  open.channel.send(text);
  open.channel.send(text);
  assertError(open, "replayed_frame", "goes on");
});

Deno.test("OriginSession refuses another frame with a message id that it has seen", async () => {
  const open = await openOriginAfterHello();
  for (const id of ["short", "x".repeat(5000)]) {
    open.channel.send(
      await open.visitor.text("gemmapod.chat.request", question("1"), { msg_id: id }),
    );
    open.channel.send(
      await open.visitor.text("gemmapod.chat.request", question("2"), { msg_id: id }),
    );
    assertError(open, "replayed_frame", "goes on");
  }
});

Deno.test("OriginSession ends at the first bad signature", async () => {
  const open = await openOriginAfterHello();
  const frame = await open.visitor.frame("gemmapod.chat.request", question("1"));
  open.channel.send(JSON.stringify({ ...frame, payload: question("2") }));
  assertError(open, "bad_signature", "fatal");
});

Deno.test("OriginSession ends at a second hello with another key, however it is signed", async () => {
  const open = await openOriginAfterHello();
  const other = await RawPeer.make("visitor", open.clock);
  open.channel.send(await other.hello());
  assertError(open, "bad_signature", "fatal");

  const again = await openOriginAfterHello();
  again.channel.send(await again.visitor.hello({}, { from: `visitor:${other.hex}` }));
  assertError(again, "bad_signature", "fatal");
});

Deno.test("OriginSession takes a second hello with the same key as nothing new", async () => {
  const { origin, visitor, channel, payloads } = await openOriginAfterHello();
  channel.send(await visitor.hello({ pod_id: "other" }));
  assert.equal(origin.state, "ready");
  assert.equal(payloads("a2a.discovery").length, 1);
});

Deno.test("OriginSession refuses a frame of 256 KiB and a byte, and goes on", async () => {
  const open = await openOriginAfterHello();
  open.channel.send("x".repeat(256 * 1024 + 1));
  assertError(open, "invalid_frame", "goes on");
});

Deno.test("OriginSession checks in the order of the page: the first failure is the one it names", async () => {
  const open = await openOriginAfterHello();
  const bad = { to: "pod:other:origin", timestamp: open.clock.now - DAY };
  open.channel.send(await open.visitor.text("a.b", {}, bad));
  assertError(open, "wrong_recipient", "goes on");
  const stale = { timestamp: open.clock.now - DAY, msg_id: "1" };
  open.channel.send(await open.visitor.text("a.b", {}, { msg_id: "1" }));
  assertError(open, "unsupported_topic", "goes on");
  open.channel.send(await open.visitor.text("a.b", {}, stale));
  assertError(open, "stale_frame", "goes on");
});

Deno.test("OriginSession reads nothing more after a fatal error", async () => {
  const open = await openOriginAfterHello();
  open.channel.send(
    await open.visitor.text("dartc.hello", {}, { from: `visitor:${"ab".repeat(32)}` }),
  );
  const count = open.events.length;
  open.channel.send(await open.visitor.text("gemmapod.chat.request", question("1")));
  assert.equal(open.events.length, count);
  assert.equal(open.events.at(-1)?.type, "closed");
});

Deno.test("OriginSession ends at a visitor's fatal error, and not at another one", async () => {
  const { origin, visitor, channel, events } = await openOriginAfterHello();
  channel.send(await visitor.text("dartc.error", { code: "chat_failed", message: "oops" }));
  assert.equal(origin.state, "ready");
  channel.send(await visitor.text("dartc.error", { code: "x", message: "bye", fatal: true }));
  assert.equal(origin.state, "closed");
  assert.deepEqual(events.at(-1), { type: "closed", code: "x", reason: "bye" });
});

Deno.test("OriginSession refuses a manifest that does not verify, is another pod's, or another owner's", async () => {
  const signedManifestB64 = btoa("signed");
  const cases = [
    [() => Promise.reject(new Error("signature")), "manifest_rejected"],
    [() => {
      throw new Error("signature");
    }, "manifest_rejected"],
    [() => ({ id: "other" }), "pod_mismatch"],
    [() => null, "pod_mismatch"],
    [() => ({ id: "hello-pod", owner_pubkey: "cd".repeat(32) }), "owner_mismatch"],
    [() => ({ id: "hello-pod" }), "owner_mismatch"],
  ] as const;
  for (const [verifyManifest, code] of cases) {
    const ownerPubkey = "ab".repeat(32);
    const open = await openOriginAfterHello({ verifyManifest, ownerPubkey }, { signedManifestB64 });
    await until("the manifest was looked at", () => open.origin.state === "closed");
    assertError(open, code, "fatal");
    assert.equal(open.payloads("a2a.discovery").length, 0);
  }
  const open = await openOriginAfterHello({}, { signedManifestB64: "not base64!" });
  assertError(open, "manifest_rejected", "fatal");
});

Deno.test("OriginSession takes a manifest that names the pod in its transport", async () => {
  const manifest = { id: "x", owner_pubkey: "ab", transport: { dartc: { pod_id: "hello-pod" } } };
  const { origin } = await openOriginAfterHello(
    { verifyManifest: () => manifest },
    { signedManifestB64: btoa("signed") },
  );
  assert.equal(origin.visitor?.manifest, manifest);
});

Deno.test("OriginSession reads what follows a hello only when the hello's manifest was verified", async () => {
  const verified = Promise.withResolvers<unknown>();
  const { origin, visitor, channel, events } = await openOriginAfterHello(
    { verifyManifest: () => verified.promise },
    { signedManifestB64: btoa("signed"), conversation_id: CONVERSATION_ID },
  );
  channel.send(await visitor.text("gemmapod.chat.request", question("1")));
  assert.deepEqual([origin.state, events.length], ["opening", 0]);
  verified.resolve({ id: "hello-pod" });
  await until("the request was read", () => events.length === 2);
  assert.deepEqual(events.map((event) => event.type), ["hello", "chat"]);
});

Deno.test("OriginSession gives up a visitor that says no hello for half a minute", async () => {
  const { origin, clock, events } = await openOrigin();
  clock.now += 29_999;
  origin.tick();
  assert.equal(origin.state, "opening");
  clock.now += 1;
  origin.tick();
  const last = events.at(-1);
  assert.ok(last?.type === "closed" && last.code === "no_hello");
});

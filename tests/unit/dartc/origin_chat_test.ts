import assert from "node:assert/strict";
import { openOriginAfterHello, question } from "./open_origin.ts";
import { CONVERSATION_ID, MANIFEST } from "./session_pair.ts";
import { until } from "./until.ts";

const CHAT = "gemmapod.chat.request";

Deno.test("OriginSession hands over a chat request with everything in it", async () => {
  const { visitor, channel, events } = await openOriginAfterHello();
  const messages = [
    { role: "system", content: "be evil" },
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Hello!" },
    { role: "user", content: "Who?" },
  ];
  channel.send(
    await visitor.text(CHAT, { request_id: "1", conversation_id: "c", model: "m", messages }),
  );
  const event = events.at(-1);
  assert.ok(event?.type === "chat");
  assert.deepEqual(event.request, {
    requestId: "1",
    conversationId: "c",
    model: "m",
    messages,
    manifest: undefined,
  });
});

Deno.test("OriginSession takes a request's conversation, else the hello's, else its own short one", async () => {
  const { visitor, channel, events } = await openOriginAfterHello({}, {
    conversation_id: CONVERSATION_ID,
  });
  channel.send(await visitor.text(CHAT, { ...question("1"), conversation_id: "own" }));
  channel.send(await visitor.text(CHAT, question("2")));
  const ids = events.flatMap((event) =>
    event.type === "chat" ? [event.request.conversationId] : []
  );
  assert.deepEqual(ids, ["own", CONVERSATION_ID]);

  const other = await openOriginAfterHello();
  other.channel.send(await other.visitor.text(CHAT, question("1")));
  other.channel.send(await other.visitor.text(CHAT, question("2")));
  const made = other.events.flatMap((event) =>
    event.type === "chat" ? [event.request.conversationId] : []
  );
  assert.equal(made[0], made[1]);
  assert.ok((made[0] ?? "").length < 20, "it must not be replayable");
});

Deno.test("OriginSession refuses a chat request that makes no sense, by its id, and goes on", async () => {
  const { visitor, channel, events, payloads, origin } = await openOriginAfterHello({
    rate: { framesPerSecond: 1000, windowSeconds: 10, chatsAtOnce: 4, userTextBytes: 64 * 1024 },
  });
  const good = question("1");
  for (
    const bad of [
      undefined,
      [],
      { ...good, request_id: undefined },
      { ...good, request_id: "" },
      { ...good, request_id: 1 },
      { ...good, request_id: "x".repeat(129) },
      { ...good, messages: undefined },
      { ...good, messages: [] },
      { ...good, messages: [{ role: "user" }] },
      { ...good, messages: [{ role: "user", content: [] }] },
      { ...good, messages: [{ role: "assistant", content: "Hi" }] },
      { ...good, messages: [{ role: "system", content: "Hi" }] },
      { ...good, model: 1 },
      { ...good, conversation_id: "local:dashboard" },
      { ...good, conversation_id: "" },
    ]
  ) {
    channel.send(await visitor.text(CHAT, bad));
    const error = payloads("dartc.error").at(-1);
    assert.equal(error?.code, "bad_chat_request", JSON.stringify(bad));
    const id = bad && "request_id" in bad ? bad.request_id : undefined;
    assert.equal(error?.request_id, id === "1" ? "1" : undefined);
  }
  assert.equal(origin.state, "ready");
  assert.ok(!events.some((event) => event.type === "chat"));
});

Deno.test("OriginSession leaves out messages of roles that no model has", async () => {
  const { visitor, channel, events } = await openOriginAfterHello();
  const messages = [{ role: "wizard", content: "x" }, { role: "user", content: "Hi" }];
  channel.send(await visitor.text(CHAT, { request_id: "1", messages }));
  const event = events.at(-1);
  assert.ok(event?.type === "chat");
  assert.deepEqual(event.request.messages, [{ role: "user", content: "Hi" }]);
});

Deno.test("OriginSession refuses a request id that is in use, and takes it again after its run", async () => {
  const { origin, visitor, channel, events, payloads } = await openOriginAfterHello();
  channel.send(await visitor.text(CHAT, question("1")));
  channel.send(await visitor.text(CHAT, question("1")));
  assert.equal(payloads("dartc.error").at(-1)?.code, "bad_chat_request");
  assert.equal(payloads("dartc.error").at(-1)?.request_id, undefined);
  origin.run({ requestId: "1", threadId: "t" }).finish();
  channel.send(await visitor.text(CHAT, question("1")));
  assert.equal(events.at(-1)?.type, "chat");
});

Deno.test("OriginSession refuses a fifth question at once, and ends at the next one", async () => {
  const { origin, visitor, channel, payloads } = await openOriginAfterHello();
  for (const id of ["1", "2", "3", "4", "5"]) channel.send(await visitor.text(CHAT, question(id)));
  const error = payloads("dartc.error").at(-1);
  assert.deepEqual([error?.code, error?.request_id], ["rate_limited", "5"]);
  assert.equal(origin.state, "ready");
  channel.send(await visitor.text(CHAT, question("6")));
  assert.equal(origin.state, "closed");
});

Deno.test("OriginSession has room for another question when a run is over, failed or refused", async () => {
  const { origin, visitor, channel, events } = await openOriginAfterHello();
  for (const id of ["1", "2", "3", "4"]) channel.send(await visitor.text(CHAT, question(id)));
  origin.run({ requestId: "1", threadId: "t" }).finish();
  origin.run({ requestId: "2", threadId: "t" }).fail("chat_failed", "The model broke off");
  origin.error("model_unavailable", "No model is there", { requestId: "3" });
  for (const id of ["5", "6", "7"]) channel.send(await visitor.text(CHAT, question(id)));
  assert.equal(events.filter((event) => event.type === "chat").length, 7);
  assert.equal(origin.state, "ready");
});

Deno.test("OriginSession refuses more than 64 KiB of user text in a request", async () => {
  const { origin, visitor, channel, events, payloads } = await openOriginAfterHello();
  channel.send(await visitor.text(CHAT, question("1", "x".repeat(64 * 1024))));
  assert.equal(events.at(-1)?.type, "chat");
  channel.send(await visitor.text(CHAT, question("2", "x".repeat(64 * 1024 + 1))));
  assert.equal(payloads("dartc.error").at(-1)?.code, "rate_limited");
  channel.send(await visitor.text(CHAT, question("3", "é".repeat(32 * 1024 + 1))));
  assert.equal(origin.state, "closed");
});

Deno.test("OriginSession takes 500 frames in ten seconds, refuses one more, and ends at the next", async () => {
  const { origin, visitor, channel, payloads, clock } = await openOriginAfterHello();
  const send = async () => channel.send(await visitor.text("gemmapod.chat.cancel", {}));
  for (let i = 0; i < 500; i++) await send();
  assert.equal(payloads("dartc.error").length, 0);
  clock.now += 9_999;
  await send();
  assert.equal(payloads("dartc.error").at(-1)?.code, "rate_limited");
  assert.equal(origin.state, "ready");
  clock.now += 1;
  await send(); // the window has moved on
  assert.equal(origin.state, "ready");
  for (let i = 0; i < 500; i++) await send();
  assert.equal(origin.state, "closed");
});

Deno.test("OriginSession counts frames that it refuses as well, so that nobody floods with them", async () => {
  const { origin, channel, payloads } = await openOriginAfterHello();
  for (let i = 0; i < 600; i++) channel.send("not a frame");
  assert.equal(origin.state, "closed");
  assert.equal(payloads("dartc.error").at(-1)?.code, "rate_limited");
  assert.ok(payloads("dartc.error").length <= 502);
});

Deno.test("OriginSession ends when frames come faster than it can read them", async () => {
  const { origin, visitor, channel, events } = await openOriginAfterHello(
    { verifyManifest: () => new Promise(() => {}) },
    { signedManifestB64: btoa("signed") },
  );
  const text = await visitor.text("gemmapod.chat.cancel", {});
  for (let i = 0; i < 1100; i++) channel.send(text);
  assert.equal(origin.state, "closed");
  assert.deepEqual(events.map((event) => event.type), ["closed"]);
});

Deno.test("OriginSession hands over a cancel of a run that is not over, and no other", async () => {
  const { origin, visitor, channel, events } = await openOriginAfterHello();
  const cancel = async () =>
    channel.send(await visitor.text("gemmapod.chat.cancel", { request_id: "1" }));
  await cancel();
  channel.send(await visitor.text(CHAT, question("1")));
  await cancel();
  assert.deepEqual(events.at(-1), { type: "cancel", requestId: "1" });
  origin.run({ requestId: "1", threadId: "t" }).finish({ finishReason: "cancelled" });
  await cancel();
  assert.equal(events.filter((event) => event.type === "cancel").length, 1);
});

Deno.test("OriginSession verifies a manifest that comes with a request, and only once", async () => {
  let verified = 0;
  const { visitor, channel, events } = await openOriginAfterHello({
    verifyManifest: () => {
      verified++;
      return Promise.resolve(MANIFEST);
    },
  });
  for (const id of ["1", "2"]) {
    channel.send(await visitor.text(CHAT, { ...question(id), signedManifestB64: btoa("signed") }));
  }
  await until("both requests were read", () => events.length === 3);
  const last = events.at(-1);
  assert.ok(last?.type === "chat");
  assert.equal(last.request.manifest, MANIFEST);
  assert.equal(verified, 1);
});

Deno.test("OriginSession refuses a request whose manifest does not verify, and goes on", async () => {
  const { origin, visitor, channel, events, payloads } = await openOriginAfterHello({
    verifyManifest: () => Promise.reject(new Error("signature")),
  });
  channel.send(await visitor.text(CHAT, { ...question("1"), signedManifestB64: btoa("signed") }));
  await until("the request was refused", () => payloads("dartc.error").length === 1);
  const [error] = payloads("dartc.error");
  assert.deepEqual([error?.code, error?.request_id], ["manifest_rejected", "1"]);
  channel.send(await visitor.text(CHAT, question("1")));
  assert.equal(events.at(-1)?.type, "chat");
  assert.equal(origin.state, "ready");
});

Deno.test("OriginSession answers a topic that it does not read, and hands over one that it does", async () => {
  const { visitor, channel, events, payloads } = await openOriginAfterHello({
    topics: ["orders.*"],
  });
  for (
    const topic of [
      "other.topic",
      "a2a.message",
      "dartc.new",
      "gemmapod.tool.call",
      "gemmapod.chat.delta",
    ]
  ) {
    channel.send(await visitor.text(topic, {}));
    assert.equal(payloads("dartc.error").at(-1)?.code, "unsupported_topic");
  }
  channel.send(await visitor.text("orders.created", { n: 1 }));
  const last = events.at(-1);
  assert.ok(last?.type === "frame");
  assert.deepEqual(last.frame.payload, { n: 1 });
});

Deno.test("OriginSession hands over UI events, those of unknown types as they are", async () => {
  const { visitor, channel, events, payloads } = await openOriginAfterHello();
  const send = async (event: unknown, schema = "dartc.ui.event/0.1") =>
    channel.send(await visitor.text("gemmapod.ui.event", { schema, event }));
  await send({ type: "CUSTOM", threadId: "t", name: "clicked" });
  assert.deepEqual(events.at(-1), {
    type: "ui",
    event: { type: "CUSTOM", threadId: "t", name: "clicked" },
  });
  await send({ type: "NEW_THING", x: 1 });
  assert.deepEqual(events.at(-1), { type: "ui_unknown", event: { type: "NEW_THING", x: 1 } });
  const before = events.length;
  await send({ type: "CUSTOM" }, "dartc.ui.event/9");
  assert.equal(events.length, before);
  await send({ type: "CUSTOM" });
  assert.equal(payloads("dartc.error").at(-1)?.code, "invalid_frame");
});

Deno.test("OriginSession acknowledges what asks for it, once it has been taken", async () => {
  const { visitor, channel, frames } = await openOriginAfterHello({ topics: ["*"] });
  const frame = await visitor.frame("orders.created", {}, { dartc: { requires_ack: true } });
  channel.send(JSON.stringify(frame));
  assert.deepEqual(frames().at(-1)?.dartc, { ack_for: frame.msg_id });
  channel.send(await visitor.text("dartc.ack", {}, { dartc: { requires_ack: true } }));
  assert.deepEqual(frames().at(-1)?.dartc, { ack_for: frame.msg_id }, "an ack is not acknowledged");
});

Deno.test("OriginSession replays the thread and its state to a visitor that comes back", async () => {
  const asked: string[] = [];
  const messages = [{ id: "1", role: "user", content: "Hi" }];
  const { payloads, frames } = await openOriginAfterHello({
    history: (id) => {
      asked.push(id);
      return { messages, state: { cart: [] } };
    },
  }, { conversation_id: CONVERSATION_ID });
  assert.deepEqual(asked, [CONVERSATION_ID]);
  const threadId = CONVERSATION_ID;
  assert.deepEqual(payloads("gemmapod.ui.event").map((payload) => payload.event), [
    { type: "MESSAGES_SNAPSHOT", threadId, messages },
    { type: "STATE_SNAPSHOT", threadId, snapshot: { cart: [] } },
  ]);
  assert.deepEqual(frames().map((frame) => frame.topic), [
    "dartc.hello",
    "dartc.ack",
    "a2a.discovery",
    "gemmapod.ui.event",
    "gemmapod.ui.event",
  ]);
});

Deno.test("OriginSession replays nothing for an id that could be guessed, or that it does not know", async () => {
  let asked = 0;
  const history = () => {
    asked++;
    return undefined;
  };
  const short = await openOriginAfterHello({ history }, { conversation_id: "x".repeat(19) });
  assert.equal(asked, 0);
  assert.equal(short.payloads("gemmapod.ui.event").length, 0);
  const unknown = await openOriginAfterHello({ history }, { conversation_id: "x".repeat(20) });
  assert.equal(asked, 1);
  assert.equal(unknown.payloads("gemmapod.ui.event").length, 0);
});

Deno.test("OriginSession goes on without a history that cannot be read, or a state too large", async () => {
  const failing = await openOriginAfterHello(
    { history: () => Promise.reject(new Error("disk")) },
    { conversation_id: CONVERSATION_ID },
  );
  assert.equal(failing.origin.state, "ready");
  const large = await openOriginAfterHello(
    { history: () => ({ messages: [], state: "x".repeat(70_000) }) },
    { conversation_id: CONVERSATION_ID },
  );
  assert.equal(large.origin.state, "ready");
  assert.equal(large.payloads("gemmapod.ui.event").length, 0);
});

Deno.test("OriginSession cuts a long thread to its newest messages, and says so", async () => {
  const messages = Array.from({ length: 40 }, (_, i) => ({
    role: "user",
    content: `${i} ${"é".repeat(2000)}`,
  }));
  const { payloads, originChannel } = await openOriginAfterHello(
    { history: () => ({ messages }) },
    { conversation_id: CONVERSATION_ID },
  );
  // What we sent ourselves.
  const event = payloads("gemmapod.ui.event").at(-1)?.event as {
    truncated?: boolean;
    messages: { content: string }[];
  };
  assert.equal(event.truncated, true);
  assert.ok(event.messages.length > 10);
  assert.deepEqual(event.messages, messages.slice(-event.messages.length));
  assert.ok(originChannel.sent.every((text) => new TextEncoder().encode(text).length <= 64 * 1024));
});

Deno.test("OriginSession ends when its owner's handler throws, and throws nothing itself", async () => {
  const { origin, visitor, channel, events } = await openOriginAfterHello({
    onEvent: (event) => {
      if (event.type === "chat") throw new Error("broken");
    },
  });
  channel.send(await visitor.text(CHAT, question("1")));
  assert.equal(origin.state, "closed");
  const last = events.at(-1);
  assert.deepEqual([last?.type, last?.type === "closed" && last.code], [
    "closed",
    "handler_failed",
  ]);
});

Deno.test("OriginSession sends a card that is too large for two places in one", async () => {
  const skill = { id: "tool:x", name: "x", description: "x".repeat(40_000), tags: [] };
  const { frames } = await openOriginAfterHello({
    card: () => ({
      protocolVersion: "0.2.2",
      name: "Hello",
      description: "",
      capabilities: { streaming: true, pushNotifications: false, stateTransitionHistory: false },
      skills: [skill],
      extensions: [],
    }),
  });
  const card = frames().find((frame) => frame.topic === "a2a.discovery");
  assert.ok(card !== undefined && card.a2a === undefined && card.payload !== undefined);
});

import assert from "node:assert/strict";
import { type OpenVisitor, openVisitor, openVisitorReady } from "./open_visitor.ts";
import { RawPeer } from "./raw_peer.ts";
import { CONVERSATION_ID, START } from "./session_pair.ts";

const DAY = 24 * 60 * 60 * 1000;

function ui(event: object): object {
  return { schema: "dartc.ui.event/0.1", event: { threadId: CONVERSATION_ID, ...event } };
}

function lastBadFrame({ events }: OpenVisitor) {
  const event = events.findLast((event) => event.type === "bad_frame");
  return { code: event?.code, inARow: event?.inARow };
}

Deno.test("VisitorSession says hello at once, and who it is, which pod, which conversation", async () => {
  const { visitor, frames } = await openVisitor({ signedManifestB64: "abcd" });
  const [hello] = frames();
  assert.equal(hello?.to, "pod:hello-pod:origin");
  assert.equal(hello?.timestamp, START);
  assert.match(hello?.msg_id ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.deepEqual(hello?.payload, {
    role: "visitor",
    pod_id: "hello-pod",
    conversation_id: CONVERSATION_ID,
    agent_id: `visitor:${visitor.publicKeyHex}`,
    protocol_versions: { dartc: "0.2", a2a: "0.2.2" },
    supported_topics: ["dartc.*", "a2a.discovery", "gemmapod.chat.*", "gemmapod.ui.event"],
    signedManifestB64: "abcd",
    features: [
      "chat.cancel",
      "chat.reasoning",
      "chat.single",
      "flow.ack",
      "dartc.ping",
      "dartc.close",
    ],
  });
});

Deno.test("VisitorSession sends its card on the Host's hello, and is ready at the Host's card", async () => {
  const { visitor, host, channel, frames, events } = await openVisitor();
  const hello = await host.hello();
  channel.send(hello);
  assert.equal(visitor.state, "opening");
  assert.deepEqual(frames().map((frame) => frame.topic), [
    "dartc.hello",
    "dartc.ack",
    "a2a.discovery",
  ]);
  assert.deepEqual(frames()[1]?.dartc, { ack_for: JSON.parse(hello).msg_id });
  const payload = frames()[2]?.payload as { card: { skills: { id: string }[] } }; // our own
  assert.deepEqual(payload.card.skills.map((skill) => skill.id), ["gemmapod-chat-client"]);
  channel.send(
    await host.text("a2a.discovery", undefined, {
      a2a: { kind: "AgentCard", card: { name: "Hello" } },
    }),
  );
  await visitor.ready();
  assert.deepEqual(events.map((event) => event.type), ["hello", "card", "ready"]);
});

Deno.test("VisitorSession.ready() rejects with the code of what ended the session", async () => {
  const { visitor, host, channel } = await openVisitor();
  const ready = visitor.ready();
  channel.send(await host.hello());
  const error = { code: "pod_mismatch", message: "another pod", fatal: true };
  channel.send(await host.text("dartc.error", error));
  await assert.rejects(ready, { code: "pod_mismatch", message: "another pod" });
  await assert.rejects(visitor.ready(), { code: "pod_mismatch" });
});

Deno.test("VisitorSession.ready() can be given up", async () => {
  const { visitor } = await openVisitor();
  const reason = new Error("too long");
  const controller = new AbortController();
  const ready = visitor.ready(controller.signal);
  controller.abort(reason);
  await assert.rejects(ready, reason);
  await assert.rejects(visitor.ready(controller.signal), reason);
});

Deno.test("VisitorSession shows an error before the Host's hello as unverified, and ends", async () => {
  const { visitor, host, channel, events } = await openVisitor();
  channel.send(await host.text("dartc.error", { code: "shutting_down", message: "bye" }));
  assert.deepEqual(events, [
    {
      type: "error",
      code: "shutting_down",
      message: "bye",
      requestId: undefined,
      fatal: true,
      verified: false,
    },
    { type: "closed", code: "shutting_down", reason: "bye" },
  ]);
  assert.equal(visitor.state, "closed");
});

Deno.test("VisitorSession ends at anything else before the Host's hello", async () => {
  const open = await openVisitor();
  open.channel.send(await open.host.text("gemmapod.chat.delta", { request_id: "1", delta: "x" }));
  assert.deepEqual(lastBadFrame(open), { code: "invalid_frame", inARow: 1 });
  assert.equal(open.visitor.state, "closed");
  assert.equal(open.frames().at(-1)?.topic, "dartc.error");
});

Deno.test("VisitorSession drops, counts and reports a bad frame, and takes the next good one", async () => {
  const open = await openVisitorReady();
  const { host, channel, visitor } = open;
  channel.send("not JSON");
  assert.deepEqual(lastBadFrame(open), { code: "invalid_frame", inARow: 1 });
  const frame = await host.frame("orders.created", {});
  channel.send(JSON.stringify({ ...frame, topic: "orders.deleted" }));
  assert.deepEqual(lastBadFrame(open), { code: "bad_signature", inARow: 2 });
  channel.send(JSON.stringify(frame));
  assert.equal(open.events.at(-1)?.type, "frame");
  channel.send(JSON.stringify(frame));
  assert.deepEqual(lastBadFrame(open), { code: "replayed_frame", inARow: 1 });
  channel.send(await host.text("orders.created", {}, { to: "visitor:somebody" }));
  assert.deepEqual(lastBadFrame(open), { code: "wrong_recipient", inARow: 2 });
  assert.equal(visitor.state, "ready");
});

Deno.test("VisitorSession ends at three bad frames in a row", async () => {
  const { visitor, channel, events } = await openVisitorReady();
  for (let i = 0; i < 3; i++) channel.send("x");
  assert.equal(visitor.state, "closed");
  assert.deepEqual(events.slice(-2).map((event) => event.type), ["bad_frame", "closed"]);
});

Deno.test("VisitorSession ends at three bad frames in a row before the hello as well", async () => {
  const { visitor, channel } = await openVisitor();
  for (let i = 0; i < 3; i++) channel.send("x");
  assert.equal(visitor.state, "closed");
});

Deno.test("VisitorSession ends at a second hello with another key", async () => {
  const open = await openVisitorReady();
  const other = await RawPeer.make("origin", open.clock);
  open.channel.send(await other.hello());
  assert.deepEqual(lastBadFrame(open), { code: "bad_signature", inARow: 1 });
  assert.equal(open.visitor.state, "closed");
});

Deno.test("VisitorSession ends when the clocks are more than a day apart", async () => {
  const open = await openVisitor();
  open.channel.send(await open.host.hello({}, { timestamp: open.clock.now - DAY - 1 }));
  assert.deepEqual(lastBadFrame(open), { code: "stale_frame", inARow: 1 });
  assert.equal(open.visitor.state, "closed");
});

Deno.test("VisitorSession has no rule of age: its page may have slept", async () => {
  const { host, channel, clock, events } = await openVisitorReady();
  const text = await host.text("orders.created", {});
  clock.now += 3 * DAY;
  channel.send(text);
  assert.equal(events.at(-1)?.type, "frame");
});

Deno.test("VisitorSession ends at the Host's fatal error, and not at another one", async () => {
  const { visitor, host, channel, events } = await openVisitorReady();
  const id = visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  const error = { code: "model_unavailable", message: "no model", request_id: id };
  channel.send(await host.text("dartc.error", error));
  assert.deepEqual(events.at(-1), {
    type: "error",
    code: "model_unavailable",
    message: "no model",
    requestId: id,
    fatal: false,
    verified: true,
  });
  channel.send(await host.text("dartc.error", { fatal: true }));
  assert.equal(visitor.state, "closed");
});

Deno.test("VisitorSession.chat() asks only while it is ready", async () => {
  const open = await openVisitor();
  const messages = [{ role: "user", content: "Hi" }] as const;
  assert.throws(() => open.visitor.chat({ messages }), { code: "not_ready" });
  open.visitor.close();
  assert.throws(() => open.visitor.chat({ messages }), { code: "closed" });
});

Deno.test("VisitorSession.chat() sends the thread without system messages", async () => {
  const { visitor, frames } = await openVisitorReady();
  const id = visitor.chat({
    model: "m",
    messages: [{ role: "system", content: "x" }, { role: "user", content: "Hi" }],
  });
  assert.deepEqual(frames().at(-1)?.payload, {
    request_id: id,
    conversation_id: CONVERSATION_ID,
    model: "m",
    messages: [{ role: "user", content: "Hi" }],
  });
});

Deno.test("VisitorSession.chat() leaves out the oldest turns that no frame holds", async () => {
  const { visitor, frames, visitorChannel } = await openVisitorReady();
  const messages = Array.from({ length: 41 }, (_, i) => ({
    role: i % 2 === 0 ? "user" as const : "assistant" as const,
    content: `${i} ${"x".repeat(3000)}`,
  }));
  visitor.chat({ messages });
  const payload = frames().at(-1)?.payload as { messages: typeof messages }; // our own
  assert.ok(payload.messages.length > 15 && payload.messages.length < 41);
  assert.deepEqual(payload.messages, messages.slice(-payload.messages.length));
  assert.ok((visitorChannel.sent.at(-1)?.length ?? 0) <= 64 * 1024);
});

Deno.test("VisitorSession.chat() refuses a question that no frame holds, and none at all", async () => {
  const { visitor } = await openVisitorReady();
  const ask = (content: string) => visitor.chat({ messages: [{ role: "user", content }] });
  assert.throws(() => ask("x".repeat(70_000)), { code: "too_large" });
  assert.throws(() => visitor.chat({ messages: [] }), { code: "bad_chat_request" });
  visitor.chat({ requestId: "1", messages: [{ role: "user", content: "Hi" }] });
  const again = () => visitor.chat({ requestId: "1", messages: [{ role: "user", content: "Hi" }] });
  assert.throws(again, { code: "bad_chat_request" });
});

Deno.test("VisitorSession.chat() keeps track of so many answers and no more", async () => {
  const { visitor } = await openVisitorReady();
  const ask = () => visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  for (let i = 0; i < 64; i++) ask();
  assert.throws(ask, { code: "rate_limited" });
});

Deno.test("VisitorSession tells each piece once, from a Host that sends it in two frames", async () => {
  const { visitor, host, channel, events } = await openVisitorReady();
  const id = visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  const messageId = `${id}:assistant`;
  const event = { runId: id, messageId };
  channel.send(
    await host.text(
      "gemmapod.ui.event",
      ui({ ...event, type: "TEXT_MESSAGE_START", role: "assistant" }),
    ),
  );
  for (const [i, delta] of ["Hel", "lo"].entries()) {
    const dartc = { stream: true, chunk_id: i + 1 };
    const content = ui({ ...event, type: "TEXT_MESSAGE_CONTENT", delta });
    channel.send(await host.text("gemmapod.ui.event", content, { dartc }));
    channel.send(await host.text("gemmapod.chat.delta", { request_id: id, delta }, { dartc }));
  }
  channel.send(await host.text("gemmapod.chat.done", { request_id: id, finish_reason: "stop" }));
  const deltas = events.filter((event) => event.type === "delta");
  assert.deepEqual(deltas, [
    { type: "delta", requestId: id, delta: "Hel", kind: "text", chunkId: 1 },
    { type: "delta", requestId: id, delta: "lo", kind: "text", chunkId: 2 },
  ]);
  assert.deepEqual(events.at(-1), {
    type: "done",
    requestId: id,
    finishReason: "stop",
    usage: undefined,
  });
});

Deno.test("VisitorSession tells pieces of a Host that sends chat.delta alone", async () => {
  const { visitor, host, channel, events } = await openVisitorReady();
  const id = visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  for (const delta of ["Hel", "lo"]) {
    channel.send(await host.text("gemmapod.chat.delta", { request_id: id, delta }));
  }
  const kind = "reasoning";
  channel.send(await host.text("gemmapod.chat.delta", { request_id: id, delta: "hm", kind }));
  const deltas = events.flatMap((event) =>
    event.type === "delta" ? [[event.kind, event.delta]] : []
  );
  assert.deepEqual(deltas, [["text", "Hel"], ["text", "lo"], ["reasoning", "hm"]]);
});

Deno.test("VisitorSession tells nothing of an answer that nobody asked for, or that is over", async () => {
  const { visitor, host, channel, events } = await openVisitorReady();
  const id = visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
  channel.send(await host.text("gemmapod.chat.delta", { request_id: "other", delta: "x" }));
  channel.send(await host.text("gemmapod.chat.done", { request_id: "other" }));
  channel.send(await host.text("gemmapod.chat.done", { request_id: id }));
  channel.send(await host.text("gemmapod.chat.done", { request_id: id }));
  channel.send(await host.text("gemmapod.chat.delta", { request_id: id, delta: "x" }));
  const told = events.map((event) => event.type).filter((type) =>
    type === "delta" || type === "done"
  );
  assert.deepEqual(told, ["done"]);
});

Deno.test("VisitorSession passes unknown UI events on, drops unknown schemas, reports malformed ones", async () => {
  const open = await openVisitorReady();
  const { host, channel, events, visitor } = open;
  const send = async (payload: unknown) =>
    channel.send(await host.text("gemmapod.ui.event", payload));
  const before = events.length;
  await send({ schema: "dartc.ui.event/0.2", event: {} });
  assert.equal(events.length, before);
  await send(ui({ type: "NEW_THING" }));
  assert.deepEqual(events.at(-1), {
    type: "ui_unknown",
    event: { type: "NEW_THING", threadId: CONVERSATION_ID },
  });
  for (let i = 0; i < 5; i++) await send(ui({ type: "TEXT_MESSAGE_CONTENT" }));
  assert.deepEqual(lastBadFrame(open), { code: "invalid_frame", inARow: 0 });
  assert.equal(visitor.state, "ready");
});

Deno.test("VisitorSession fills in the thread of an event that names none", async () => {
  const { host, channel, events } = await openVisitorReady();
  const payload = { schema: "dartc.ui.event/0.1", event: { type: "CUSTOM", name: "x" } };
  channel.send(await host.text("gemmapod.ui.event", payload));
  assert.deepEqual(events.at(-1), {
    type: "ui",
    event: { type: "CUSTOM", name: "x", threadId: CONVERSATION_ID },
    chunkId: undefined,
  });
});

Deno.test("VisitorSession.publish() sends on the application's topics, and no others", async () => {
  const { visitor, frames } = await openVisitorReady();
  visitor.publish("orders.created", { n: 1 });
  assert.equal(frames().at(-1)?.topic, "orders.created");
  assert.throws(() => visitor.publish("dartc.error", {}), { code: "bad_topic" });
  assert.throws(() => visitor.publish("orders.created", "x".repeat(70_000)), { code: "too_large" });
});

Deno.test("VisitorSession says goodbye to a Host that understands it, and closes the channel", async () => {
  const old = await openVisitorReady();
  old.visitor.close("enough");
  assert.notEqual(old.frames().at(-1)?.topic, "dartc.close");
  assert.equal(old.visitorChannel.closeReason, "enough");
  assert.deepEqual(old.events.at(-1), { type: "closed", code: undefined, reason: "enough" });

  const newer = await openVisitorReady({}, { features: ["dartc.close"] });
  newer.visitor.close("enough");
  const last = newer.frames().at(-1);
  assert.deepEqual([last?.topic, last?.payload], ["dartc.close", { reason: "enough" }]);
});

Deno.test("VisitorSession ends at the Host's goodbye, and when the channel closes", async () => {
  const goodbye = await openVisitorReady();
  goodbye.channel.send(await goodbye.host.text("dartc.close", { reason: "shutting down" }));
  assert.deepEqual(goodbye.events.at(-1), {
    type: "closed",
    code: undefined,
    reason: "shutting down",
  });
  const gone = await openVisitorReady();
  gone.channel.close("gone");
  assert.deepEqual(gone.events.at(-1), { type: "closed", code: undefined, reason: "gone" });
});

Deno.test("VisitorSession acknowledges every 64th chunk, after its page took it, to a Host that counts", async () => {
  for (const features of [[], ["flow.ack"]]) {
    const taken: number[] = [];
    const open = await openVisitorReady({
      onEvent: (event) => event.type === "ui" && taken.push(open?.frames().length ?? 0),
    }, { features });
    const id = open.visitor.chat({ messages: [{ role: "user", content: "Hi" }] });
    const before = open.frames().length;
    const ids: string[] = [];
    for (let chunk_id = 1; chunk_id <= 130; chunk_id++) {
      const content = { type: "TEXT_MESSAGE_CONTENT", runId: id, messageId: "m", delta: "x" };
      const dartc = { stream: true, chunk_id };
      const frame = await open.host.frame("gemmapod.ui.event", ui(content), { dartc });
      ids.push(frame.msg_id);
      open.channel.send(JSON.stringify(frame));
    }
    const acks = open.frames().slice(before);
    const expected = features.length === 0 ? [] : [ids[63], ids[127]];
    assert.deepEqual(acks.map((ack) => ack.dartc?.ack_for), expected);
    assert.equal(taken[63], before, "it is told before it is acknowledged");
  }
});

Deno.test("VisitorSession pings a silent Host that answers, and gives up one that does not", async () => {
  const { visitor, host, channel, clock, frames, events } = await openVisitorReady({}, {
    features: ["dartc.ping"],
  });
  const pings = () => frames().filter((frame) => frame.topic === "dartc.ping");
  clock.now += 19_999;
  visitor.tick();
  assert.equal(pings().length, 0);
  clock.now += 1;
  visitor.tick();
  visitor.tick();
  assert.equal(pings().length, 1);
  channel.send(await host.text("dartc.ack", {}, { dartc: { ack_for: pings()[0]?.msg_id ?? "" } }));
  for (let i = 0; i < 3; i++) {
    clock.now += 20_000;
    visitor.tick();
  }
  assert.equal(pings().length, 4);
  assert.equal(visitor.state, "ready");
  clock.now += 20_000;
  visitor.tick();
  assert.equal(visitor.state, "closed");
  const last = events.at(-1);
  assert.ok(last?.type === "closed" && last.code === "peer_silent");
});

Deno.test("VisitorSession does not ping a Host that does not know it", async () => {
  const { visitor, clock, frames } = await openVisitorReady();
  clock.now += 600_000;
  visitor.tick();
  assert.ok(!frames().some((frame) => frame.topic === "dartc.ping"));
  assert.equal(visitor.state, "ready");
});

Deno.test("VisitorSession acknowledges the Host's pings", async () => {
  const { host, channel, frames } = await openVisitorReady();
  const ping = await host.frame("dartc.ping", {});
  channel.send(JSON.stringify(ping));
  assert.deepEqual(frames().at(-1)?.dartc, { ack_for: ping.msg_id });
});

Deno.test("VisitorSession hands over acks with what they are for", async () => {
  const { host, channel, events } = await openVisitorReady();
  channel.send(await host.text("dartc.ack", { ok: true }, { dartc: { ack_for: "1" } }));
  assert.deepEqual(events.at(-1), { type: "ack", ackFor: "1", payload: { ok: true } });
});

Deno.test("VisitorSession gives its peer's features and topics, whatever they are", async () => {
  const { visitor } = await openVisitorReady({}, { features: "all", supported_topics: [1] });
  assert.deepEqual([...visitor.peer?.features ?? ["x"]], []);
  assert.deepEqual(visitor.peer?.supportedTopics, []);
});

Deno.test("VisitorSession tells reasoning from text, however often a model changes between them", async () => {
  const { visitor, events, host, channel } = await openVisitorReady();
  const runId = visitor.chat({ messages: [{ role: "user", content: "Hello?" }] });
  const ui = async (event: object) =>
    channel.send(
      await host.text("gemmapod.ui.event", {
        schema: "dartc.ui.event/0.1",
        event: { threadId: "t", runId, ...event },
      }),
    );
  for (let part = 0; part < 80; part++) {
    const messageId = `${runId}:reasoning:${part}`;
    await ui({ type: "TEXT_MESSAGE_START", messageId, role: "reasoning" });
    await ui({ type: "TEXT_MESSAGE_CONTENT", messageId, delta: "hm" });
    await ui({ type: "TEXT_MESSAGE_END", messageId });
  }
  const kinds = events.flatMap((event) => event.type === "delta" ? [event.kind] : []);
  assert.deepEqual(kinds, Array(80).fill("reasoning"));
});

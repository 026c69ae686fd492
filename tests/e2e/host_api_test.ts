import assert from "node:assert/strict";
import { join } from "node:path";
import { openEventLog } from "../../src/host/store/event_log.ts";
import { HostClient } from "./host_client.ts";
import { type HostSetup, startHostSetup } from "./host_setup.ts";
import { Gate, type ModelEndpoint, startModelEndpoint } from "./model_endpoint.ts";

const CONVERSATION = "conversation-0123456789";

/** A Host with one pod, its model, and a program that asks it. */
async function withHost(
  use: (at: { api: HostClient; setup: HostSetup; model: ModelEndpoint }) => Promise<void>,
): Promise<void> {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  await setup.serve("pod");
  await use({ api: await HostClient.connect(setup.host.port()), setup, model });
}

/** One HTTP/1.1 request over a plain socket: `fetch` sends no `Host` of one's choice. */
async function raw(port: number, head: string): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(`${head}\r\nConnection: close\r\n\r\n`));
  return await new Response(conn.readable).text();
}

Deno.test("the API: answers on 127.0.0.1 alone, and to names of this machine alone", () =>
  withHost(async ({ api, setup }) => {
    const port = setup.host.port();
    const other = Deno.networkInterfaces().find(({ address, family }) =>
      family === "IPv4" && !address.startsWith("127.")
    );
    if (other !== undefined) {
      await assert.rejects(
        Deno.connect({ hostname: other.address, port }),
        Deno.errors.ConnectionRefused,
      );
    }
    assert.match(await raw(port, "GET /auth HTTP/1.1\r\nHost: localhost"), /^HTTP\/1\.1 200 /);
    for (
      const head of [
        `GET /auth HTTP/1.1\r\nHost: evil.example:${port}`,
        `GET /auth HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example`,
        `GET /auth HTTP/1.1\r\nHost: localhost\r\nOrigin: null`,
        `GET /api/v1/host HTTP/1.1\r\nHost: evil.example\r\nX-Gemmapod-Token: ${api.token}`,
        `GET http://evil.example/auth HTTP/1.1\r\nHost: evil.example`,
      ]
    ) {
      const answer = await raw(port, head);
      assert.match(answer, /^HTTP\/1\.1 403 /, head);
      assert.doesNotMatch(answer, new RegExp(api.token.slice(0, 16)));
    }
    const without = await fetch(`${api.url}/api/v1/host`);
    assert.deepEqual([without.status, Object.keys(await without.json())], [401, ["error"]]);
  }));

Deno.test("the API: pods are listed, added, paused, resumed, restarted and stopped", () =>
  withHost(async ({ api, setup }) => {
    await using events = await api.events();
    assert.equal((await api.ask("GET", "/host")).body.podCount, 1);
    const dir = await setup.writePod("second");
    const added = await api.ask("POST", "/pods", { dir, model: "other" });
    assert.deepEqual(added, { status: 201, body: { ok: true, podId: "second", model: "other" } });
    assert.equal((await api.ask("POST", "/pods", { dir })).status, 409);
    await events.until("pod_added", (one) => one.event.podId === "second");
    await events.until("signal_connected", ({ podId }) => podId === "second");
    const { body } = await api.ask("GET", "/pods/second");
    assert.deepEqual([body.status, body.signalState, body.model], [
      "running",
      "connected",
      "other",
    ]);

    await using visitor = await setup.visit("second");
    await events.until("peer_joined", ({ podId }) => podId === "second");
    assert.equal((await api.ask("POST", "/pods/second/pause")).body.status, "paused");
    await events.until("pod_paused");
    await visitor.until("the goodbye", (all) => all.find(({ type }) => type === "closed"));
    assert.equal((await api.ask("GET", "/pods/second")).body.status, "paused");
    await assert.rejects(setup.visit("second"));
    assert.equal((await api.ask("POST", "/pods/second/chat", { message: "?" })).status, 409);

    assert.equal((await api.ask("POST", "/pods/second/resume")).status, 200);
    await setup.host.registry.get("second")?.registered;
    {
      await using again = await setup.visit("second");
      assert.equal((await again.ask("Well?")).text, "Hello from the endpoint.");
    }
    await Deno.writeTextFile(join(dir, "pod.toml"), "name = 5");
    const broken = await api.ask("POST", "/pods/second/restart");
    assert.equal(broken.status, 400);
    assert.ok(Array.isArray(broken.body.issues) && broken.body.issues.length > 0);
    assert.equal((await api.ask("GET", "/pods/second")).body.status, "running");

    await setup.writePod("second", `[limits]\nmax_question_chars = 5\n`);
    assert.equal((await api.ask("POST", "/pods/second/restart")).status, 200);
    const long = { message: "longer than five" };
    assert.equal((await api.ask("POST", "/pods/second/chat", long)).status, 400);
    assert.equal((await api.ask("GET", "/pods/second")).body.model, "other"); // as it was added

    assert.equal((await api.ask("POST", "/pods/second/stop")).body.status, "stopped");
    await events.until("pod_removed");
    assert.equal((await api.ask("POST", "/pods/second/stop")).status, 404);
    assert.equal((await api.ask("GET", "/host")).body.podCount, 1);
    const state = JSON.parse(await Deno.readTextFile(join(setup.folder, "home", "state.json")));
    assert.deepEqual(state.pods.map(({ podId }: { podId: string }) => podId), ["pod"]);
  }));

Deno.test("the API: what is asked of a pod at once happens one after the other", () =>
  withHost(async ({ api }) => {
    const verbs = ["pause", "resume", "restart", "pause", "resume", "stop", "resume"];
    const answers = await Promise.all(verbs.map((verb) => api.ask("POST", `/pods/pod/${verb}`)));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200, 200, 404]);
  }));

Deno.test("the API: a visitor is seen while it is there, and its conversation as it streams", () =>
  withHost(async ({ api, setup, model }) => {
    const gate = new Gate();
    model.script({ tokens: ["one ", "two"], pace: gate.pace });
    await using events = await api.events("/pods/pod/events/stream");
    await using visitor = await setup.visit("pod", { conversationId: CONVERSATION });
    const { event: { peerId } } = await events.until("peer_joined");
    const { body: { peers } } = await api.ask("GET", "/pods/pod/peers");
    assert.ok(Array.isArray(peers));
    assert.deepEqual([peers.length, peers[0].id, peers[0].conversationId, peers[0].runs], [
      1,
      peerId,
      CONVERSATION,
      0,
    ]);
    await using ofPeer = await api.events(`/pods/pod/peers/${peerId}/events/stream`);

    const requestId = visitor.send("Count.");
    await events.until("user", ({ event }) => event.content === "Count.");
    gate.open(1);
    const isPiece = (text: string) => ({ event }: { event: Record<string, unknown> }) =>
      JSON.stringify(event.event).includes(`"delta":"${text}"`);
    await events.until("ui_event", isPiece("one "));
    gate.open();
    assert.equal((await visitor.answerTo(requestId)).text, "one two");
    const end = await ofPeer.until("assistant");
    assert.deepEqual([end.event.content, end.event.status, end.event.conversationId, end.peerId], [
      "one two",
      "done",
      CONVERSATION,
      peerId,
    ]);
    assert.ok(ofPeer.events.every((one) => one.peerId === peerId || one.event.peerId === peerId));

    const { body: { messages } } = await api.ask("GET", `/pods/pod/peers/${peerId}/messages`);
    assert.ok(Array.isArray(messages));
    assert.deepEqual(messages.map(({ role, content }) => [role, content]), [
      ["user", "Count."],
      ["assistant", "one two"],
    ]);
    await visitor.vanish();
    await events.until("peer_left");
    assert.equal((await api.ask("GET", `/pods/pod/peers/${peerId}/messages`)).status, 404);
    const { body: { conversations } } = await api.ask("GET", "/pods/pod/conversations");
    assert.ok(Array.isArray(conversations));
    assert.deepEqual([conversations[0].conversationId, conversations[0].messages], [
      CONVERSATION,
      2,
    ]);
    const path = `/pods/pod/conversations/${CONVERSATION}`;
    assert.equal((await api.ask("DELETE", path)).status, 200);
    assert.deepEqual((await api.ask("GET", "/pods/pod/conversations")).body, {
      conversations: [],
      total: 0,
    });
  }));

Deno.test("the API: the owner's own chat waits its turn, is remembered, and is no visitor's", () =>
  withHost(async ({ api, setup, model }) => {
    await using events = await api.events();
    const first = await api.ask("POST", "/pods/pod/chat", { message: "Who are you?" });
    assert.equal(first.status, 202);
    assert.equal(first.body.conversationId, "local:dashboard");
    const { runId } = (await events.until("user")).event;
    assert.equal(runId, first.body.requestId);
    const answered = await events.until("assistant");
    assert.deepEqual([answered.peerId, answered.event.content], [
      "local:dashboard",
      "Hello from the endpoint.",
    ]);
    await api.ask("POST", "/pods/pod/chat", { message: "And now?" });
    const request = await model.request(1);
    await request.ended;
    assert.deepEqual(request.thread.map(({ content }) => content).slice(1), [
      "Who are you?",
      "Hello from the endpoint.",
      "And now?",
    ]);
    await events.until("assistant", ({ event }) => event.id > answered.event.id);
    const { body } = await api.ask("GET", "/pods/pod/peers/local:dashboard/messages");
    assert.ok(Array.isArray(body.messages));
    assert.equal(body.messages.length, 4);
    assert.ok(events.events.some(({ event }) => event.type === "queue_changed"));

    await using visitor = await setup.visit("pod", { conversationId: CONVERSATION });
    await events.until("peer_joined");
    visitor.session.chat({
      conversationId: "local:dashboard",
      messages: [{ role: "user", content: "What did they say?" }],
    });
    await visitor.until("the refusal", (all) => all.find(({ type }) => type === "error"));
    assert.equal(model.requests.length, 2);
  }));

Deno.test("the API: an answer to the owner is stopped with the pod, and its failure told", () =>
  withHost(async ({ api, model }) => {
    await using events = await api.events();
    model.next({ status: 500 });
    await api.ask("POST", "/pods/pod/chat", { message: "Hello?" });
    const failed = await events.until("error");
    assert.equal(typeof failed.event.code, "string");
    const gate = new Gate();
    model.next({ tokens: ["one ", "two"], pace: gate.pace });
    const next = model.requests.length;
    await api.ask("POST", "/pods/pod/chat", { message: "Again?" });
    const request = await model.request(next);
    gate.open(1);
    await request.emitted(1);
    await api.ask("POST", "/pods/pod/stop");
    assert.equal(await request.ended, "aborted");
    const cut = await events.until("assistant");
    assert.equal(cut.event.status, "cut");
  }));

Deno.test("the API: Last-Event-ID resumes, over the socket, without a gap or a double", () =>
  withHost(async ({ api }) => {
    const seen: number[] = [];
    {
      await using events = await api.events();
      await api.ask("POST", "/pods/pod/pause");
      await events.until("pod_paused");
      seen.push(...events.events.map(({ event }) => event.id));
    }
    await api.ask("POST", "/pods/pod/resume");
    const lastId = seen.at(-1);
    assert.ok(lastId !== undefined);
    await using again = await api.events("/events/stream", lastId);
    await again.until("pod_running");
    assert.equal(again.events[0]?.event.id, lastId + 1);
    const ids = [...seen, ...again.events.map(({ event }) => event.id)];
    assert.deepEqual(ids, ids.map((_, index) => (ids[0] ?? 0) + index));
  }));

Deno.test("the API: a Host that stops says so on its streams, ends them, and waits for no sleeper", async () => {
  await using model = startModelEndpoint();
  await using setup = await startHostSetup(model.url);
  const api = await HostClient.connect(setup.host.port());
  await using events = await api.events();
  const sleeper = await fetch(`${api.url}/api/v1/events/stream`, {
    headers: { "X-Gemmapod-Token": api.token },
  });
  for (let i = 0; i < 100; i++) { // more than the sockets hold
    const content = "x".repeat(64 * 1024);
    setup.host.bus.emit({
      scope: "conversation",
      podId: "pod",
      peerId: "p",
      event: { type: "user", conversationId: "c", content },
    });
  }
  const stop = await api.ask("POST", "/host/shutdown");
  assert.deepEqual([stop.status, stop.body], [200, { ok: true }]);
  await setup.host.stopRequested;
  const from = performance.now();
  await setup.host.shutdown();
  assert.ok(performance.now() - from < 3_000);
  await events.until("host_stopping");
  await events.ended;
  await sleeper.body?.cancel().catch(() => {}); // it was cut
});

Deno.test("the API: the models of the endpoint are listed, its key and a password never", async () => {
  await using model = startModelEndpoint({ apiKey: "sk-secret", models: ["a", "b"] });
  await using setup = await startHostSetup(model.url, { apiKey: "sk-secret" });
  await setup.serve("pod");
  const api = await HostClient.connect(setup.host.port());
  const models = await api.ask("GET", "/models");
  assert.deepEqual(models.body, {
    url: model.url,
    connected: true,
    format: "openai",
    models: ["a", "b"],
  });
  assert.deepEqual(await api.ask("GET", "/ollama"), models);
  await model.stop();
  assert.equal((await api.ask("GET", "/models")).body.connected, false);
  for (const path of ["/host", "/pods", "/pods/pod", "/models", "/openapi.json"]) {
    assert.doesNotMatch(JSON.stringify((await api.ask("GET", path)).body), /sk-secret/);
  }
  assert.doesNotMatch(setup.lines.join("\n"), /sk-secret/);
});

Deno.test("the API: data files of the pod's folder are read and written, its key never", () =>
  withHost(async ({ api, setup }) => {
    const dir = join(setup.folder, "pod");
    await Deno.writeTextFile(join(dir, "owner.key"), "secret");
    const written = await api.ask("PUT", "/pods/pod/data/contacts.json", { mail: "a@b.example" });
    assert.equal(written.status, 201);
    assert.deepEqual(await api.ask("GET", "/pods/pod/data/contacts.json"), {
      status: 200,
      body: { mail: "a@b.example" },
    });
    const { body: { files } } = await api.ask("GET", "/pods/pod/data");
    assert.ok(Array.isArray(files));
    assert.deepEqual(files.map(({ name }) => name), ["contacts.json"]);
    assert.equal((await api.ask("PUT", "/pods/pod/data/contacts.json", [1])).status, 400);
    for (const name of ["owner.key", "..%2Fpod%2Fowner.key", "%2e%2e%2fhome%2fhost.json"]) {
      const { status } = await api.ask("GET", `/pods/pod/data/${name}`);
      assert.ok(status === 400 || status === 404, name);
    }
  }));

Deno.test("the event log: runs, messages and visitors are there, without a word of theirs", () =>
  withHost(async ({ setup }) => {
    {
      await using visitor = await setup.visit("pod", { conversationId: CONVERSATION });
      await visitor.ask("A secret question");
    }
    await setup.host.shutdown();
    using log = openEventLog(join(setup.folder, "home", "host.sqlite"));
    const events = log.read({ podId: "pod", newest: 100 });
    assert.deepEqual(events.map(({ kind }) => kind).sort(), [
      "message",
      "message",
      "peer",
      "peer",
      "run",
    ]);
    assert.doesNotMatch(JSON.stringify(events), /secret question|Hello from/);
    const run = events.find(({ kind }) => kind === "run");
    assert.deepEqual([run?.detail.model, run?.detail.status, run?.conversationId], [
      "test-model",
      "done",
      CONVERSATION,
    ]);
  }));

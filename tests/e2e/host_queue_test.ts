import assert from "node:assert/strict";
import { z } from "zod";
import { DEFAULT_CONTEXT, estimateTokens } from "../../src/host/chat/fit_context.ts";
import { eventually, hostPlace } from "./host_place.ts";
import { PROMPT } from "./host_setup.ts";
import { Gate, startModelEndpoint } from "./model_endpoint.ts";
import type { NativeVisitor } from "./native_visitor.ts";
import type { RawReply, RawRequest } from "./raw_http.ts";
import { serveRaw } from "./raw_http.ts";

const CONVERSATION = "conversation-0123456789";

/** The last question of each request that reached a model, in the order of arrival. */
function questionsOf(requests: readonly { thread: readonly { content: string }[] }[]): string[] {
  return requests.map(({ thread }) => thread.at(-1)?.content ?? "");
}

const queuePlace = z.strictObject({ position: z.number(), waiting: z.number() });

/** The places that a visitor was shown, of all its questions or of one. */
function placesOf(visitor: NativeVisitor, messageId?: string) {
  return visitor.uiEvents("ACTIVITY_SNAPSHOT")
    .filter((event) => messageId === undefined || event.messageId === messageId)
    .map(({ content }) => queuePlace.parse(content));
}

Deno.test("Host: visitors are answered in turn, and whoever waits is shown the place at each change", async () => {
  const gate = new Gate();
  await using model = startModelEndpoint({ script: { tokens: ["done"], pace: gate.pace } });
  await using place = await hostPlace();
  await place.writePod("pod");
  await place.run("pod", "--provider-url", model.url, "--parallel", "1");
  await using greedy = await place.visit("pod");
  await using modest = await place.visit("pod");
  const answers = [greedy.ask("g1")];
  await model.request(0);
  for (const question of ["g2", "g3", "g4"]) answers.push(greedy.ask(question));
  await greedy.until("three that wait", () => placesOf(greedy)[2]);
  answers.push(modest.ask("m1"));
  const shown = await modest.until("a place", () => modest.uiEvents("ACTIVITY_SNAPSHOT")[0]);
  assert.equal(shown.activityType, "queue");
  assert.equal(shown.replace, true);
  assert.deepEqual(shown.content, { position: 1, waiting: 4 });
  assert.equal(model.requests.length, 1);
  gate.open();
  for (const { text, error } of await Promise.all(answers)) {
    assert.deepEqual([text, error], ["done", undefined]);
  }
  assert.deepEqual(questionsOf(model.requests), ["g1", "m1", "g2", "g3", "g4"]);
  assert.equal(placesOf(modest).at(-1)?.position, 0);
  const lastOfGreedy = greedy.uiEvents("ACTIVITY_SNAPSHOT").at(-1)?.messageId;
  const positions = placesOf(greedy, lastOfGreedy).map(({ position }) => position);
  assert.deepEqual(positions, [3, 4, 3, 2, 1, 0], "back by one when the modest visitor came");
});

Deno.test("Host: whoever waits may cancel or leave, and never reaches the model", async () => {
  const gate = new Gate();
  await using model = startModelEndpoint({ script: { tokens: ["done"], pace: gate.pace } });
  await using place = await hostPlace();
  await place.writePod("pod");
  await place.run("pod", "--provider-url", model.url, "--parallel", "1");
  await using first = await place.visit("pod");
  await using second = await place.visit("pod");
  await using third = await place.visit("pod");
  await using last = await place.visit("pod");
  const one = first.ask("one");
  await model.request(0);
  const waits = async (visitor: NativeVisitor, question: string) => {
    const requestId = visitor.send(question);
    await visitor.until("a place", () => placesOf(visitor)[0]);
    return requestId;
  };
  const cancelled = await waits(second, "two");
  await waits(third, "three");
  const four = await waits(last, "four");
  assert.deepEqual(placesOf(last).at(-1), { position: 3, waiting: 3 });
  assert.equal(second.session.cancel(cancelled), true);
  const answer = await second.answerTo(cancelled);
  assert.deepEqual([answer.text, answer.finishReason], ["", "cancelled"]);
  await third.vanish();
  await last.until("the first place", () => placesOf(last).at(-1)?.position === 1 || undefined);
  gate.open();
  assert.equal((await one).text, "done");
  assert.equal((await last.answerTo(four)).text, "done");
  assert.deepEqual(questionsOf(model.requests), ["one", "four"]);
});

Deno.test("Host: --parallel answers go at once; [limits] narrows one pod and harms no other", async () => {
  const gate = new Gate();
  await using model = startModelEndpoint({ script: { tokens: ["done"], pace: gate.pace } });
  await using place = await hostPlace();
  await place.writePod("narrow", `[limits]\nruns_at_once = 1\nqueue = 1\n`);
  const wide = await place.writePod("wide");
  const host = await place.run("narrow", "--provider-url", model.url, "--parallel", "3");
  await place.api("/api/v1/pods", { method: "POST", body: JSON.stringify({ dir: wide }) })
    .then((response) => response.body?.cancel());
  await host.line(/registered for pod wide/);
  await using one = await place.visit("narrow");
  await using two = await place.visit("narrow");
  await using three = await place.visit("narrow");
  await using others = new AsyncDisposableStack();
  const answers = [one.ask("n1")];
  await model.request(0);
  answers.push(two.ask("n2"));
  await two.until("a place", () => placesOf(two)[0]);
  const { text, error } = await three.ask("n3");
  assert.equal(text, "");
  assert.equal(error?.code, "rate_limited");
  assert.match(error.message, /^Too many people are waiting .* Please try again/);
  for (const question of ["w1", "w2", "w3"]) {
    answers.push(others.use(await place.visit("wide")).ask(question));
  }
  await model.request(2);
  await eventually("two of the wide pod", () => model.requests.length === 3);
  assert.deepEqual(questionsOf(model.requests).toSorted(), ["n1", "w1", "w2"]);
  gate.open();
  for (const answer of await Promise.all(answers)) assert.equal(answer.text, "done");
  assert.equal(model.requests.length, 5);
});

Deno.test("Host: a conversation has so many answers a day as its pod allows, asked anew or not", async () => {
  await using model = startModelEndpoint({ script: { tokens: ["done"] } });
  await using place = await hostPlace();
  await place.writePod("pod", `[limits]\nmessages_per_conversation_day = 3\n`);
  await place.run("pod", "--provider-url", model.url);
  const visit = () => place.visit("pod", { conversationId: CONVERSATION });
  {
    await using visitor = await visit();
    model.next({ status: 500 });
    assert.equal((await visitor.ask("fails")).error?.code, "model_unavailable");
    for (const question of ["one", "two"]) assert.equal((await visitor.ask(question)).text, "done");
    const again = await visitor.ask([
      { role: "user", content: "one" },
      { role: "assistant", content: "done" },
      { role: "user", content: "two, in other words" },
    ]);
    assert.equal(again.text, "done");
  }
  await using visitor = await visit();
  const { error } = await visitor.ask("four");
  assert.equal(error?.code, "rate_limited");
  assert.match(error.message, /3 answers of the day.*tomorrow/);
  await using other = await place.visit("pod", { conversationId: `${CONVERSATION}-2` });
  assert.equal((await other.ask("one")).text, "done");
});

Deno.test("Host: what [llm] says reaches the model, and the history fits its context", async () => {
  const context = 600;
  await using model = startModelEndpoint();
  await using place = await hostPlace();
  await place.writePod(
    "pod",
    `[llm]\ntemperature = 0.25\nmax_tokens = 100\ncontext = ${context}\nkeep_alive = "10m"\n`,
  );
  const plain = await place.writePod("plain");
  const host = await place.run("pod", "--provider-url", model.url);
  await place.api("/api/v1/pods", { method: "POST", body: JSON.stringify({ dir: plain }) })
    .then((response) => response.body?.cancel());
  await host.line(/registered for pod plain/);
  {
    await using visitor = await place.visit("pod", { conversationId: CONVERSATION });
    const filler = "word ".repeat(60);
    for (let index = 0; index < 8; index++) await visitor.ask(`${index} ${filler}`);
    const { body, thread } = await model.request(7);
    assert.deepEqual([body.temperature, body.max_tokens], [0.25, 100]);
    assert.ok(!("keep_alive" in body), "which this endpoint does not know");
    assert.deepEqual(thread[0], { role: "system", content: PROMPT });
    assert.equal(thread[1]?.role, "user");
    assert.match(thread.at(-1)?.content ?? "", /^7 word/);
    assert.match(thread.at(-3)?.content ?? "", /^6 word/);
    assert.ok(thread.length < 2 * 8, `${thread.length} messages`);
    const tokens = thread.reduce((sum, { content }) => sum + estimateTokens(content), 0);
    assert.ok(tokens <= context - 100, `${tokens} tokens`);

    await visitor.ask("x".repeat(3 * context)); // alone too long: still asked
    assert.equal((await model.request(8)).thread.length, 2);
  }
  await using visitor = await place.visit("plain");
  await visitor.ask([
    { role: "user", content: "x".repeat(4 * DEFAULT_CONTEXT) },
    { role: "assistant", content: "I see." },
    { role: "user", content: "And now?" },
  ]);
  const { body, thread } = await model.request(9);
  assert.deepEqual([body.temperature, body.max_tokens], [undefined, undefined]);
  assert.deepEqual(thread, [
    { role: "system", content: PROMPT },
    { role: "user", content: "And now?" },
  ]);
});

Deno.test("Host: keep_alive is told to Ollama in Ollama's own way, after each answer", async () => {
  await using model = startModelEndpoint();
  const told: unknown[] = [];
  await using ollama = ollamaInFrontOf(model.url, (body) => told.push(body));
  await using place = await hostPlace();
  await place.writePod("pod", `[llm]\nkeep_alive = "10m"\n`);
  const seconds = await place.writePod("seconds", `[llm]\nkeep_alive = "-1"\n`);
  const host = await place.run("pod", "--provider-url", ollama.url);
  await place.api("/api/v1/pods", { method: "POST", body: JSON.stringify({ dir: seconds }) })
    .then((response) => response.body?.cancel());
  await host.line(/registered for pod seconds/);
  await eventually("the Host knows whom it asks", () => ollama.isKnown());
  await using visitor = await place.visit("pod");
  assert.equal((await visitor.ask("one")).text, "Hello from the endpoint.");
  await eventually("the first", () => told.length === 1);
  assert.deepEqual(told[0], { model: "test-model", keep_alive: "10m", stream: false });
  await using other = await place.visit("seconds");
  assert.equal((await other.ask("two")).text, "Hello from the endpoint.");
  await eventually("the second", () => told.length === 2);
  assert.deepEqual(told[1], { model: "test-model", keep_alive: -1, stream: false });
});

/** Ollama's `/api/version` and `/api/generate`; all else is handed on. */
function ollamaInFrontOf(url: string, onGenerate: (body: unknown) => void) {
  let asked = 0;
  const server = serveRaw(0, async (request: RawRequest, reply: RawReply) => {
    if (request.path === "/api/version") {
      asked++;
      return await reply.whole(200, "application/json", `{"version":"0.0.0-test"}`);
    }
    if (request.path === "/api/generate") {
      onGenerate(JSON.parse(request.body));
      return await reply.whole(200, "application/json", `{"done":true}`);
    }
    const response = await fetch(`${url}${request.path}`, {
      method: request.method,
      headers: { "content-type": "application/json" },
      ...(request.method === "POST" ? { body: request.body } : {}),
    });
    await reply.whole(response.status, "text/event-stream", await response.text());
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    isKnown: () => asked > 0,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

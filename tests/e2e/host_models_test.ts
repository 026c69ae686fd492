import assert from "node:assert/strict";
import { join } from "node:path";
import { hostPlace } from "./host_place.ts";
import { Gate, startModelEndpoint } from "./model_endpoint.ts";
import type { NativeVisitor } from "./native_visitor.ts";
import { type RawReply, serveRaw } from "./raw_http.ts";

const ANSWER = "Hello from the endpoint.";
const KEY = "sk-never-to-be-seen-0123456789";

/** An endpoint that answers each chat request with these streamed objects, then ends. */
function endpointOf(chunks: () => readonly unknown[]) {
  const server = serveRaw(0, async ({ path }, reply) => {
    if (path !== "/v1/chat/completions") return await reply.whole(404, "text/plain", "");
    await reply.head(200, "text/event-stream");
    for (const chunk of chunks()) await reply.chunk(`data: ${JSON.stringify(chunk)}\n\n`);
    await reply.chunk("data: [DONE]\n\n");
    await reply.end();
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

function chunk(delta: unknown, finish: string | null = null) {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: "c", object: "chat.completion.chunk", created: 0, model: "m", choices };
}

/** Asks, and says how it failed and how long after `from` that was known, in milliseconds. */
async function failureOf(visitor: NativeVisitor, requestId: string, from: number) {
  const { text, error } = await visitor.answerTo(requestId);
  return { text, code: error?.code, message: error?.message ?? "", ms: performance.now() - from };
}

Deno.test("Host: a model endpoint that is down at start, later and in the middle is found again by itself", async () => {
  const away = startModelEndpoint();
  await away.stop();
  await using place = await hostPlace();
  await place.writePod("pod");
  const host = await place.run("pod", "--provider-url", away.url);
  await using visitor = await place.visit("pod");
  const fails = async (code: string) => {
    const failure = await failureOf(visitor, visitor.send("Anybody?"), performance.now());
    assert.equal(failure.code, code);
    assert.ok(failure.ms < 1_000, `${failure.ms} ms`);
    assert.doesNotMatch(failure.message, /127\.0\.0\.1/);
  };
  await fails("model_unavailable");
  await fails("model_unavailable");
  for (let time = 0; time < 2; time++) {
    const gate = new Gate();
    const model = startModelEndpoint({ port: away.port });
    try {
      assert.equal((await visitor.ask("Now?")).text, ANSWER);
      model.next({ tokens: ["half ", "an answer"], pace: gate.pace });
      const requestId = visitor.send("Talk.");
      gate.open(1);
      await visitor.until("a half", () => visitor.answerSoFar(requestId).deltas[0]);
      const from = performance.now();
      await model.stop();
      const failure = await failureOf(visitor, requestId, from);
      assert.deepEqual([failure.text, failure.code], ["half ", "chat_failed"]);
      assert.ok(failure.ms < 1_000, `${failure.ms} ms`);
    } finally {
      await model.stop();
    }
    await fails("model_unavailable");
  }
  await host.line(/connection refused/, 3); // the visitor may hear of it before the log is read
  const said = host.lines.filter((line) => /model endpoint/.test(line));
  assert.equal(said.filter((line) => /connection refused/.test(line)).length, 3, said.join("\n"));
  assert.equal(said.filter((line) => /is back/.test(line)).length, 2, said.join("\n"));
});

Deno.test("Host: an API key reaches its endpoint and is in no log, frame, file or error", async (t) => {
  const wrong = "sk-the-wrong-one-9876543210";
  const cases = [
    ["the right key", KEY, (url: string) => url],
    ["a wrong key", wrong, (url: string) => url],
    ["a password in the address", KEY, withPassword],
  ] as const;
  for (const [name, key, addressOf] of cases) {
    await t.step(name, async () => {
      await using model = startModelEndpoint({ apiKey: KEY });
      await using place = await hostPlace({ env: { GEMMAPOD_API_KEY: key } });
      await place.writePod("pod", `[llm]\nprovider_url = "${addressOf(model.url)}"\n`);
      const host = await place.run("pod", "--log-level", "debug", "--log-format", "text");
      await using visitor = await place.visit("pod", { conversationId: "conversation-0123456789" });
      const { text, error } = await visitor.ask("Hello?");
      const right = key === KEY && addressOf !== withPassword; // which takes the key's header
      assert.equal(text, right ? ANSWER : "");
      if (!right) {
        assert.equal(error?.code, "model_unavailable");
        model.next({ status: 500, body: `{"error":{"message":"your key ${key} is bad"}}` });
      } else {
        const body = `{"error":{"message":"the key ${KEY} has no credit"}}`;
        model.next({ status: 403, body }, { status: 500, body }, { status: 400, body });
        for (let index = 0; index < 3; index++) {
          assert.ok((await visitor.ask("And now?")).error !== undefined);
        }
      }
      const answered = await Promise.all(
        ["/api/v1/pods", "/api/v1/pods/pod", "/api/v1/models", "/api/v1/host"].map(async (path) =>
          await (await place.api(path)).text()
        ),
      );
      host.kill("SIGTERM");
      await host.status;
      const files = await filesUnder(place.home);
      assert.ok(files.some(({ name }) => name.endsWith("host.sqlite")));
      const written = [
        { name: "the log", text: host.lines.join("\n") },
        { name: "the frames", text: JSON.stringify(visitor.events) },
        { name: "the API", text: answered.join("\n") },
        ...files,
      ];
      for (const { name, text } of written) {
        assert.ok(!text.includes(key), `${name} has the key`);
        assert.ok(!text.includes("pass-in-the-url"), `${name} has the password of the address`);
      }
    });
  }
});

/** An address as some owners write it. */
function withPassword(url: string): string {
  return url.replace("http://", "http://owner:pass-in-the-url@");
}

async function filesUnder(folder: string): Promise<{ name: string; text: string }[]> {
  const files: { name: string; text: string }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await filesUnder(path));
    else {files.push({
        name: path,
        text: new TextDecoder("latin1").decode(await Deno.readFile(path)),
      });}
  }
  return files;
}

Deno.test("Host: a model that is not there is said, and takes the endpoint from nobody else", async () => {
  await using model = startModelEndpoint();
  model.script((body) => body.model === "test-model" ? {} : { status: 404 });
  await using place = await hostPlace();
  await place.writePod("pod", `[llm]\nmodels = ["gone", "test-model"]\n`);
  const host = await place.run("pod", "--provider-url", model.url);
  await using visitor = await place.visit("pod");
  const requestId = visitor.session.chat({
    model: "gone",
    messages: [{ role: "user", content: "Hello?" }],
  });
  const failure = await failureOf(visitor, requestId, performance.now());
  assert.equal(failure.code, "model_unavailable");
  assert.match(failure.message, /model that this pod asks for is not there/);
  assert.equal((await visitor.ask("And you?")).text, ANSWER);
  const unlisted = visitor.session.chat({
    model: "of my own choice",
    messages: [{ role: "user", content: "Hello?" }],
  });
  assert.equal((await visitor.answerTo(unlisted)).text, ANSWER);
  assert.equal(model.requests.at(-1)?.body.model, "test-model");
  assert.doesNotMatch(host.lines.join("\n"), /model endpoint/, "it is up");
});

Deno.test("Host: nobody but the configured endpoint is contacted, wherever it points", async () => {
  let contacted = 0;
  const answer = async (reply: RawReply) => {
    contacted++;
    await reply.whole(200, "text/plain", "");
  };
  const other = serveRaw(0, (_, reply) => answer(reply));
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) =>
      new Response(null, {
        status: 307,
        headers: { location: `http://127.0.0.1:${other.port}${new URL(url).pathname}` },
      }),
  );
  try {
    await using place = await hostPlace();
    await place.writePod("pod");
    await place.run("pod", "--provider-url", `http://127.0.0.1:${server.addr.port}`);
    await using visitor = await place.visit("pod");
    assert.equal((await visitor.ask("My secret question")).error?.code, "model_unavailable");
    await (await place.api("/api/v1/models")).body?.cancel();
    assert.equal(contacted, 0);
  } finally {
    await server.shutdown();
    await other.stop();
  }
});

Deno.test("Host: reasoning comes as reasoning, by both names that endpoints give it", async (t) => {
  for (const field of ["reasoning", "reasoning_content"]) {
    await t.step(field, async () => {
      await using model = endpointOf(() => [
        chunk({ role: "assistant", content: "" }),
        chunk({ [field]: "Let me " }),
        chunk({ [field]: "think." }),
        chunk({ content: "42" }),
        chunk({}, "stop"),
      ]);
      await using place = await hostPlace();
      await place.writePod("pod");
      await place.run("pod", "--provider-url", model.url);
      await using visitor = await place.visit("pod");
      const answer = await visitor.ask("What is it?");
      assert.deepEqual([answer.text, answer.finishReason], ["42", "stop"]);
      const reasoning = visitor.events.flatMap((event) =>
        event.type === "delta" && event.kind === "reasoning" ? [event.delta] : []
      );
      assert.equal(reasoning.join(""), "Let me think.");
    });
  }
});

Deno.test("Host: tool calls that repeat index 0 and name no tool of ours do not break the text", async () => {
  const call = (id: string, args: string) =>
    chunk({
      tool_calls: [{
        index: 0,
        id,
        type: "function",
        function: { name: "lookup", arguments: args },
      }],
    });
  let turn = 0;
  await using model = endpointOf(() =>
    turn++ > 0 ? [chunk({ content: "done" }), chunk({}, "stop")] : [
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "before, " }),
      call("call-1", `{"q":1}`),
      call("call-2", `{"q":2}`),
      chunk({ tool_calls: [{ index: 0, function: { arguments: "" } }] }),
      chunk({ content: "after" }),
      chunk({}, "stop"),
    ]
  );
  await using place = await hostPlace();
  await place.writePod("pod");
  await place.run("pod", "--provider-url", model.url);
  await using visitor = await place.visit("pod");
  const answer = await visitor.ask("Look it up.");
  assert.deepEqual([answer.text, answer.error], ["before, after", undefined]);
  assert.equal((await visitor.ask("And again?")).text, "done");
});

import assert from "node:assert/strict";
import { nodeEd25519 } from "../../../src/core/native.ts";
import type { PodConfig } from "../../../src/pod/mod.ts";
import {
  createDirectTransport,
  systemClock,
  type TransportEvent,
} from "../../../src/runtime/mod.ts";
import { openAiBase } from "../../../src/runtime/openai_chat.ts";
import { until } from "../dartc/until.ts";

/** An endpoint that answers with what a test gives. */
function endpoint(answer: (request: Request) => Response | Promise<Response>) {
  const bodies: { path: string; body: unknown }[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const path = new URL(request.url).pathname;
      if (request.method === "GET") {
        bodies.push({ path, body: undefined });
        return Response.json({ object: "list", data: [{ id: "listed-model" }] });
      }
      bodies.push({ path, body: await request.json() });
      return await answer(request);
    },
  );
  return { server, bodies, baseUrl: `http://127.0.0.1:${server.addr.port}` };
}

function transport(baseUrl: string, config: Partial<PodConfig> = {}) {
  const events: TransportEvent[] = [];
  const made = createDirectTransport({
    context: {
      config: { name: "Test", transport: { direct: { baseUrl } }, ...config },
      podId: "test",
      conversationId: () => "c",
      crypto: { ed25519: nodeEd25519 },
      clock: systemClock,
      emit: (event) => events.push(event),
    },
  });
  return {
    transport: made,
    events,
    is: (type: string) => () => events.some((e) => e.type === type),
  };
}

function stream(chunks: readonly unknown[], end = "data: [DONE]\n\n"): Response {
  const lines = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return new Response(
    ReadableStream.from([...lines, end].map((line) => new TextEncoder().encode(line))),
    {
      headers: { "content-type": "text/event-stream" },
    },
  );
}

const REQUEST = {
  runId: "run-1",
  conversationId: "c",
  messages: [{ role: "user" as const, content: "Hello?", id: "x" }],
};

function piece(delta: object, finish_reason: string | null = null) {
  return { choices: [{ index: 0, delta, finish_reason }] };
}

Deno.test("the direct transport streams from an OpenAI-compatible endpoint", async () => {
  const { server, bodies, baseUrl } = endpoint(() =>
    stream([
      piece({ role: "assistant", content: "" }),
      piece({ reasoning: "hm" }),
      piece({ content: "Hi" }),
      piece({ content: " there" }),
      piece({}, "stop"),
      { choices: [], usage: { total_tokens: 3 } },
    ])
  );
  const { transport: direct, events, is } = transport(baseUrl, { systemPrompt: "Be kind." });
  await direct.connect();
  assert.equal(direct.state, "ready");
  direct.chat(REQUEST);
  await until("it is done", is("done"));
  assert.deepEqual(bodies, [
    { path: "/v1/models", body: undefined },
    {
      path: "/v1/chat/completions",
      body: {
        model: "listed-model",
        stream: true,
        messages: [{ role: "system", content: "Be kind." }, { role: "user", content: "Hello?" }],
      },
    },
  ]);
  await until("it is over", () => events.at(-1)?.type === "ui");
  const told = events.map((event) =>
    event.type === "ui"
      ? event.event.type
      : event.type === "delta"
      ? `${event.kind}: ${event.delta}`
      : event.type
  );
  assert.deepEqual(told, [
    "RUN_STARTED",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "reasoning: hm",
    "TEXT_MESSAGE_END",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "text: Hi",
    "TEXT_MESSAGE_CONTENT",
    "text:  there",
    "TEXT_MESSAGE_END",
    "done",
    "RUN_FINISHED",
  ]);
  await server.shutdown();
});

for (
  const [what, answer, code] of [
    ["refuses", () => new Response("no", { status: 404 }), "model_unavailable"],
    ["fails in the answer", () => stream([{ error: { message: "x" } }]), "chat_failed"],
    ["breaks off", () => stream([piece({ content: "Hi" })], ""), "chat_failed"],
    ["sends no JSON", () => new Response("data: {\n\n"), "chat_failed"],
  ] as const
) {
  Deno.test(`an endpoint that ${what} fails the run with ${code}`, async () => {
    const { server, baseUrl } = endpoint(answer);
    const { transport: direct, events, is } = transport(baseUrl);
    await direct.connect();
    direct.chat(REQUEST);
    await until("it failed", is("failed"));
    const failed = events.find((event) => event.type === "failed");
    assert.equal(failed?.error.code, code);
    assert(events.some((event) => event.type === "ui" && event.event.type === "RUN_ERROR"));
    await server.shutdown();
  });
}

Deno.test("a cancelled run stops at the endpoint, and nothing follows", async () => {
  let stopped = false;
  const { server, baseUrl } = endpoint(() =>
    new Response(
      new ReadableStream({
        start: (controller) =>
          controller.enqueue(
            new TextEncoder().encode(`data: ${JSON.stringify(piece({ content: "H" }))}\n\n`),
          ),
        cancel: () => void (stopped = true),
      }),
    )
  );
  const { transport: direct, events, is } = transport(baseUrl);
  await direct.connect();
  direct.chat(REQUEST);
  await until("it began", is("delta"));
  direct.cancel("run-1");
  const heard = events.length;
  await until("the endpoint sees it", () => stopped);
  assert.equal(events.length, heard);
  await server.shutdown();
});

Deno.test("connect() rejects where no endpoint is", async () => {
  const { server, baseUrl } = endpoint(() => new Response());
  await server.shutdown();
  const { transport: direct } = transport(baseUrl);
  await assert.rejects(direct.connect(), { code: "model_unavailable" });
  assert.equal(direct.state, "error");
  await assert.rejects(direct.send({ topic: "x", payload: 1 }), { code: "unsupported" });
});

Deno.test("openAiBase() adds /v1 where there is none", () => {
  assert.equal(openAiBase("http://localhost:11434"), "http://localhost:11434/v1");
  assert.equal(openAiBase("http://localhost:11434/"), "http://localhost:11434/v1");
  assert.equal(openAiBase("http://localhost:1234/v1/"), "http://localhost:1234/v1");
  assert.equal(openAiBase("https://x.example/api/v2"), "https://x.example/api/v2");
});

import assert from "node:assert/strict";
import { listModels } from "../../../../src/host/model/list_models.ts";

/** An endpoint that answers these paths, and notes the key of each who asked. */
async function withEndpoint(
  answers: Record<string, (request: Request) => Response>,
  use: (url: string, keys: (string | null)[]) => Promise<void>,
): Promise<void> {
  const keys: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    keys.push(request.headers.get("authorization"));
    const answer = answers[new URL(request.url).pathname];
    return answer?.(request) ?? new Response("nothing here", { status: 404 });
  });
  try {
    await use(`http://127.0.0.1:${server.addr.port}`, keys);
  } finally {
    await server.shutdown();
  }
}

const { signal } = new AbortController();
const list = (url: string, apiKey?: string) =>
  listModels({ kind: "endpoint", url, ...(apiKey === undefined ? {} : { apiKey }) }, signal);
const openAi = () => Response.json({ object: "list", data: [{ id: "a" }, { id: "b" }, { no: 1 }] });
const ollama = () => Response.json({ models: [{ name: "gemma4:e4b", size: 1 }, { name: 5 }] });

Deno.test("listModels: OpenAI's list, asked for with the key, which the answer does not hold", () =>
  withEndpoint({ "/v1/models": openAi }, async (url, keys) => {
    const models = await list(`${url}/v1/`, "sk-secret");
    assert.deepEqual(models, {
      url: `${url}/v1`,
      connected: true,
      format: "openai",
      models: ["a", "b"],
    });
    assert.deepEqual([...new Set(keys)], ["Bearer sk-secret"]);
  }));

Deno.test("listModels: Ollama's own list, where there is one", () =>
  withEndpoint({ "/v1/models": openAi, "/api/tags": ollama }, async (url) => {
    assert.deepEqual(await list(url), {
      url,
      connected: true,
      format: "ollama",
      models: ["gemma4:e4b"],
    });
  }));

Deno.test("listModels: an endpoint that is down, refuses, or gives no list is not connected", async () => {
  assert.deepEqual(await list("http://127.0.0.1:1"), {
    url: "http://127.0.0.1:1",
    connected: false,
    format: "openai",
    models: [],
  });
  for (
    const answer of [
      () => new Response("no", { status: 401 }),
      () => new Response("<html>"),
      () => Response.json({ data: "x" }),
      () => Response.json(null),
    ]
  ) {
    await withEndpoint({ "/v1/models": answer }, async (url) => {
      assert.equal((await list(url)).connected, false);
    });
  }
});

Deno.test("listModels: nobody else is asked, though the endpoint says so", () =>
  withEndpoint({ "/v1/models": openAi }, (elsewhere, keys) =>
    withEndpoint({
      "/v1/models": () => Response.redirect(`${elsewhere}/v1/models`),
    }, async (url) => {
      assert.equal((await list(url)).connected, false);
      assert.deepEqual(keys, []);
    })));

Deno.test("listModels: a list without an end is not read to it", () =>
  withEndpoint({
    "/v1/models": () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(32)),
        }),
      ),
  }, async (url) => {
    assert.equal((await list(url)).connected, false);
  }));

Deno.test("listModels: the demo has one model, and a password in an address is not shown", async () => {
  assert.equal((await listModels({ kind: "demo" }, signal)).connected, true);
  const { url } = await list("http://owner:secret@127.0.0.1:1/v1?key=secret");
  assert.equal(url, "http://127.0.0.1:1/v1");
});

import assert from "node:assert/strict";
import { findModels } from "../../../../src/cli/models/find_models.ts";
import { pullModel, type PullProgress } from "../../../../src/cli/models/pull_model.ts";
import { showModel } from "../../../../src/cli/models/show_model.ts";
import { startModelEndpoint } from "../../../e2e/model_endpoint.ts";
import { startOllama } from "../../../e2e/ollama_endpoint.ts";

Deno.test("models are found at Ollama and elsewhere, Gemma first, those that cannot chat left out", async () => {
  const models = ["nomic-embed-text", "llama4", "gemma4:e4b"];
  await using ollama = startOllama({ models });
  assert.deepEqual(await findModels({ url: `${ollama.url}/v1` }), {
    kind: "ollama",
    url: `${ollama.url}/v1`,
    models: ["gemma4:e4b", "llama4"],
  });
  await using other = await startModelEndpoint({ models, apiKey: "sk-1" });
  const found = await findModels({ url: other.url, apiKey: "sk-1" });
  assert.deepEqual([found.kind, found.kind !== "none" && found.models], [
    "openai",
    ["gemma4:e4b", "llama4"],
  ]);
});

Deno.test("where no models are found it is said why", async () => {
  const why = async (url: string) => {
    const found = await findModels({ url });
    return found.kind === "none" ? found.why : found.kind;
  };
  await using closed = await startModelEndpoint({ apiKey: "sk-1" });
  assert.match(await why(closed.url), /another key/);
  await using page = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("<h1>It works!</h1>", { headers: { "content-type": "text/html" } }),
  );
  assert.match(await why(`http://127.0.0.1:${page.addr.port}`), /not with a list of models/);
  await closed.stop();
  assert.equal(await why(closed.url), "nothing answers there (connection refused)");
});

Deno.test("what Ollama shows of a model is read, and what it leaves out is left open", async () => {
  const signal = AbortSignal.timeout(5_000);
  await using full = startOllama({
    show: {
      model_info: { "gemma4.context_length": 131_072, "gemma4.embedding_length": 2_560 },
      parameters: "top_k 64\nnum_ctx                        8192",
      capabilities: ["completion"],
    },
  });
  assert.deepEqual(await showModel({ url: full.url }, "gemma4:e4b", signal), {
    context: 131_072,
    loadedContext: 8_192,
    capabilities: ["completion"],
  });
  await using old = startOllama({ show: { license: "…" } });
  assert.deepEqual(await showModel({ url: old.url }, "gemma4:e4b", signal), {});
});

Deno.test("a pull tells how far it is, over all layers", async () => {
  await using ollama = startOllama({
    pullLines: [
      { status: "pulling manifest" },
      { status: "pulling aa", digest: "sha256:aa", total: 100 },
      { status: "pulling aa", digest: "sha256:aa", total: 100, completed: 60 },
      { status: "pulling bb", digest: "sha256:bb", total: 50, completed: 50 },
      { status: "success" },
    ],
  });
  const seen: PullProgress[] = [];
  const signal = AbortSignal.timeout(5_000);
  await pullModel({ url: ollama.url }, "gemma4:e4b", (progress) => seen.push(progress), signal);
  assert.deepEqual(seen.map(({ done, total }) => `${done}/${total}`), [
    "0/undefined",
    "0/100",
    "60/100",
    "110/150",
    "110/150",
  ]);
  assert.deepEqual(ollama.models, ["gemma4:e4b"]);
});

Deno.test("a pull that fails, breaks off or is left says so", async () => {
  const pull = (url: string, signal = AbortSignal.timeout(5_000)) =>
    pullModel({ url }, "gemma9", () => {}, signal);
  await using refusing = startOllama({
    pullLines: [{ error: "pull model manifest: file not found" }],
  });
  await assert.rejects(pull(refusing.url), /Ollama could not pull gemma9: pull model manifest/);
  await using breaking = startOllama({ pullLines: [{ status: "pulling manifest" }] });
  await assert.rejects(pull(breaking.url), /the download broke off/);
  const left = new AbortController();
  await using slow = startOllama({
    pace: (index) => {
      if (index === 1) left.abort();
    },
  });
  await assert.rejects(pull(slow.url, left.signal), { name: "AbortError" });
});

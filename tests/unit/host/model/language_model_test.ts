import assert from "node:assert/strict";
import { apiBase, createLanguageModel } from "../../../../src/host/model/language_model.ts";

Deno.test("apiBase: a base URL gets /v1 where its path names no version", () => {
  for (
    const [url, base] of [
      ["http://localhost:11434", "http://localhost:11434/v1"],
      ["http://localhost:11434/", "http://localhost:11434/v1"],
      ["http://localhost:8080/v1", "http://localhost:8080/v1"],
      ["http://localhost:8080/v1/", "http://localhost:8080/v1"],
      ["https://openrouter.ai/api", "https://openrouter.ai/api/v1"],
      ["https://example.org/v1beta/openai", "https://example.org/v1beta/openai"],
      ["https://v1.example.org", "https://v1.example.org/v1"],
    ] as const
  ) assert.equal(apiBase(url), base);
});

Deno.test("createLanguageModel: names its model, and never sends a name to a gateway", () => {
  const model = createLanguageModel("gemma4:e4b", "http://localhost:11434");
  assert.equal(model.modelId, "gemma4:e4b");
  assert.equal(typeof model, "object");
});

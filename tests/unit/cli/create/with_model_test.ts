import assert from "node:assert/strict";
import { withModel } from "../../../../src/cli/create/with_model.ts";
import { TEMPLATE_NAMES } from "../../../../src/pack/native.ts";
import { templateFiles } from "../../../../src/pack/templates.ts";
import { parsePodToml, resolveModel } from "../../../../src/pod/mod.ts";

const VALUES = {
  name: "Ada",
  podId: "ada",
  ownerPubkey: "0".repeat(64),
  signalUrl: "wss://pods.example/signal",
};

Deno.test("every template takes another model, and an endpoint", () => {
  for (const template of TEMPLATE_NAMES) {
    const toml = templateFiles(template, VALUES)["pod.toml"] ?? "";
    const usual = parsePodToml(withModel(toml, "llama4:8b", "http://localhost:11434")).pod;
    assert.deepEqual([resolveModel(usual), usual.llm?.provider_url], ["llama4:8b", undefined]);
    const own = parsePodToml(withModel(toml, 'a "b" $& c', "http://box:8080/v1")).pod;
    assert.deepEqual([resolveModel(own), own.llm?.provider_url], [
      'a "b" $& c',
      "http://box:8080/v1",
    ]);
    assert.deepEqual(own.tools, parsePodToml(toml).pod.tools);
  }
});

Deno.test("a pod.toml without a model is not written half", () => {
  const toml = '[transport.dartc]\npod_id = "x"\n[llm]\nmodel = "x"\n';
  assert.throws(() => withModel(`name = "X"\nsystem_prompt = "Y"\n${toml}`, "m", "http://box:1"));
});

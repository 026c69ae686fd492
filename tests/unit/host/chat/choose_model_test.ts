import assert from "node:assert/strict";
import { chooseModel } from "../../../../src/host/chat/choose_model.ts";

Deno.test("chooseModel: --model, [llm].model, model, the manifest's, in this order", () => {
  const manifest = { model: "of-manifest" };
  const pod = { model: "of-pod", llm: { model: "of-llm" } };
  assert.equal(chooseModel({ override: "flag", pod, manifest }), "flag");
  assert.equal(chooseModel({ pod, manifest }), "of-llm");
  assert.equal(chooseModel({ pod: { model: "of-pod" }, manifest }), "of-pod");
  assert.equal(chooseModel({ pod: {}, manifest }), "of-manifest");
  assert.equal(chooseModel({ pod: {}, manifest: { model: null } }), undefined);
});

Deno.test("chooseModel: a visitor's wish counts only where [llm].models lists it", () => {
  const pod = { model: "usual", llm: { models: ["usual", "large"] } };
  assert.equal(chooseModel({ pod, requested: "large" }), "large");
  assert.equal(chooseModel({ pod, requested: "huge" }), "usual");
  assert.equal(chooseModel({ pod: { model: "usual" }, requested: "large" }), "usual");
});

Deno.test("chooseModel: of a pod without a pod.toml the manifest's, else one that the endpoint lists", () => {
  const listed = ["a", "b"];
  assert.equal(chooseModel({ pod: {}, requested: "b", listed }), "b");
  assert.equal(chooseModel({ pod: {}, requested: "c", listed }), undefined);
  assert.equal(chooseModel({ pod: {}, manifest: { model: "m" }, requested: "b", listed }), "m");
});

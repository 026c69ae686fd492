import assert from "node:assert/strict";
import { originPod } from "../../../../src/host/pods/origin_pod.ts";

const defaults = { provider: "endpoint", ollamaUrl: "http://localhost:11434" } as const;
const origin = { podId: "raj-card", signalUrl: "https://broker.example/signal", dir: "/nowhere" };

Deno.test("originPod: a pod is served under its id, without a model or an owner of its own", () => {
  const served = originPod(origin, defaults);
  assert.equal(served.id, "raj-card");
  assert.equal(served.signalUrl, "wss://broker.example/signal");
  assert.equal(served.model, undefined);
  assert.equal(served.ownerPubkey, undefined);
  assert.equal(served.takesListedModels, true);
  assert.deepEqual(served.warnings, []);
});

Deno.test("originPod: the owner's key is the Host's", () => {
  const ownerPubkey = "AB".repeat(32);
  assert.equal(originPod(origin, { ...defaults, ownerPubkey }).ownerPubkey, "ab".repeat(32));
});

Deno.test("originPod: an id or a broker that cannot be one is refused", () => {
  for (const podId of ["../x", "a b", "", `"\nmodel = "x`]) {
    assert.throws(() => originPod({ ...origin, podId }, defaults), { code: "bad_setting" });
  }
  for (const signalUrl of ["nowhere", "ftp://broker.example"]) {
    assert.throws(() => originPod({ ...origin, signalUrl }, defaults), { code: "bad_signal_url" });
  }
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { DEFAULT_ICE_SERVERS } from "../../../../src/rtc/mod.ts";
import {
  iceServersFor,
  type PodDefaults,
  type PodOverrides,
  servePodDir,
} from "../../../../src/host/pods/served_pod.ts";

const defaults: PodDefaults = { provider: "endpoint", ollamaUrl: "http://localhost:11434" };
const HEAD = `name = "Pod"\nsystem_prompt = "Be brief."\n`;
const DARTC = `[transport.dartc]\nsignal_url = "https://signal.example/signal"\npod_id = "pod-7"\n`;

async function serve(toml: string, of: Partial<PodDefaults> = {}, overrides: PodOverrides = {}) {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(dir, "pod.toml"), toml);
    return await servePodDir(dir, { ...defaults, ...of }, overrides);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("servePodDir: a pod is served under its transport's id, by the Host's endpoint", async () => {
  const served = await serve(`${HEAD}model = "gemma"\n${DARTC}`, { apiKey: "key" });
  assert.equal(served.id, "pod-7");
  assert.equal(served.signalUrl, "wss://signal.example/signal");
  assert.equal(served.model, "gemma");
  assert.deepEqual(served.provider, {
    kind: "endpoint",
    url: "http://localhost:11434",
    apiKey: "key",
  });
  assert.deepEqual(served.iceServers, DEFAULT_ICE_SERVERS);
});

Deno.test("servePodDir: [llm] names the endpoint, a flag wins over it", async () => {
  const toml = `${HEAD}[llm]\nprovider_url = "http://gpu:8000"\nmodel = "big"\n${DARTC}`;
  const served = await serve(toml);
  assert.deepEqual([served.provider, served.model], [
    { kind: "endpoint", url: "http://gpu:8000" },
    "big",
  ]);
  const flagged = await serve(toml, {}, { providerUrl: "http://mine", model: "small" });
  assert.deepEqual(
    [flagged.provider, flagged.model, flagged.modelOverride],
    [{ kind: "endpoint", url: "http://mine" }, "small", "small"],
  );
});

Deno.test("servePodDir: the demo serves every pod, whatever its endpoint", async () => {
  const served = await serve(`${HEAD}model = "gemma"\n${DARTC}`, { provider: "demo" });
  assert.deepEqual([served.provider, served.model], [{ kind: "demo" }, "demo"]);
});

Deno.test("servePodDir: the owner is the Host's for all pods, and must not contradict the pod's", async () => {
  const [a, b] = ["aa".repeat(32), "bb".repeat(32)];
  const toml = `${HEAD}${DARTC}[owner]\npubkey = "${a}"\n`;
  assert.equal((await serve(toml)).ownerPubkey, a);
  assert.equal((await serve(`${HEAD}${DARTC}`, { ownerPubkey: b })).ownerPubkey, b);
  await assert.rejects(serve(toml, { ownerPubkey: b }), { code: "owner_mismatch" });
});

Deno.test("servePodDir: a pod that no visitor could find, or that promises too much, is refused", async () => {
  const direct = `${HEAD}[transport.direct]\nbase_url = "http://localhost:11434"\n`;
  await assert.rejects(serve(direct), { code: "no_rendezvous" });
  await assert.rejects(serve(`${HEAD}${DARTC}require_proof = true\n`), {
    code: "unsupported_promise",
  });
});

Deno.test("iceServersFor: a broker on this machine needs no STUN server", () => {
  for (const host of ["localhost:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080"]) {
    assert.deepEqual(iceServersFor(`ws://${host}/signal`), [], host);
  }
  for (const host of ["signal.example", "10.0.0.5", "localhost.example", "127.0.0.1.example"]) {
    assert.deepEqual(iceServersFor(`wss://${host}/signal`), DEFAULT_ICE_SERVERS, host);
  }
});

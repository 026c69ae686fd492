import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { fromBase64 } from "../../../src/base/mod.ts";
import {
  parsePodConfig,
  podConfigFromManifest,
  podIdOf,
  podIdOfConfig,
  verifyManifest,
} from "../../../src/pod/mod.ts";
import vectors from "../../vectors/manifest.json" with { type: "json" };
import { manifest, OWNER } from "./samples.ts";

const DARTC = { signalUrl: "wss://signal.example/signal", podId: "hello-pod" };

Deno.test("parsePodConfig() takes the configuration that the runtime's page shows", () => {
  const config = {
    name: "Order Pod",
    persona: "Takes restaurant orders",
    systemPrompt: "You take orders and maintain a cart.",
    model: "gemma4:e4b",
    transport: { dartc: DARTC, fallback: { model: "onnx-community/gemma-4-E2B-it-ONNX" } },
  };
  assert.deepEqual(parsePodConfig(config), config);
});

Deno.test("parsePodConfig() keeps every key that a configuration may have", () => {
  const config = {
    name: "All",
    id: "all",
    persona: "p",
    systemPrompt: "s",
    model: "m",
    conversationId: "c",
    tools: [{ name: "t", description: "d" }],
    signedManifestB64: "AAAA",
    ownerPubkey: OWNER,
    events: {
      onRunStarted: [{ name: "a", value: { b: [null, 1] } }],
      onRunFinished: [{ name: "c", value: null }],
      enableTools: ["set_state"],
    },
    capabilities: [{ name: "clipboard.write", required: true, risk: "high" }],
    ui: {
      title: "t",
      greeting: "g",
      starters: ["s"],
      accent: "#fff",
      launcher: true,
      mode: "widget",
      entry: "ui.js",
      entrySha256: "00",
    },
    transport: {
      preferred: ["direct", "dartc", "fallback"],
      dartc: {
        ...DARTC,
        iceServers: [{ urls: "stun:a" }, { urls: ["turn:b"], username: "u", credential: "c" }],
        requireProof: true,
        relay: false,
      },
      fallback: {
        model: "m",
        tier: "e4b",
        models: [{ id: "i", label: "l", sizeMB: 1 }],
        cdnUrl: "https://cdn",
        modelBaseUrl: "https://models",
      },
      direct: { baseUrl: "http://localhost:11434" },
    },
  };
  assert.deepEqual(parsePodConfig(config), config);
});

Deno.test("parsePodConfig() leaves out what is null, undefined or unknown", () => {
  const circular: Record<string, unknown> = { name: "x" };
  circular.self = circular; // as an embedder's own object may be
  assert.deepEqual(
    parsePodConfig({
      ...circular,
      model: null,
      tools: undefined,
      onReady: () => {},
      transport: { dartc: { ...DARTC, relay: null, extra: 1 }, direct: null },
    }),
    { name: "x", transport: { dartc: DARTC } },
  );
});

Deno.test("parsePodConfig() reads transport.webrtc as transport.dartc", () => {
  const config = parsePodConfig({
    name: "x",
    transport: { preferred: ["webrtc"], webrtc: DARTC, dartc: null },
  });
  assert.deepEqual(config.transport, { preferred: ["dartc"], dartc: DARTC });
});

Deno.test("parsePodConfig() refuses a wrong configuration with a TypeError that names the key", () => {
  const wrong: [unknown, RegExp][] = [
    [undefined, /pod config: found nothing, expected an object/],
    [null, /pod config/],
    ["x", /pod config/],
    [{}, /name: found nothing, expected text/],
    [{ name: 5, transport: { dartc: DARTC } }, /name: found 5/],
    [{ name: "x" }, /transport: found nothing, expected an object/],
    [{ name: "x", transport: {} }, /transport: .*at least one of dartc/],
    [{ name: "x", transport: { dartc: {} } }, /transport\.dartc\.signalUrl: found nothing/],
    [
      { name: "x", transport: { dartc: { ...DARTC, signalUrl: "javascript:alert(1)" } } },
      /transport\.dartc\.signalUrl: found "javascript:alert\(1\)", expected a URL that begins/,
    ],
    [{ name: "x", transport: { dartc: { ...DARTC, podId: "" } } }, /transport\.dartc\.podId/],
    [
      { name: "x", transport: { dartc: { ...DARTC, iceServers: [{ urls: [1] }] } } },
      /transport\.dartc\.iceServers\[0\]\.urls\[0\]: found 1/,
    ],
    [{ name: "x", transport: { webrtc: DARTC, dartc: DARTC } }, /transport\.webrtc/],
    [
      { name: "x", transport: { preferred: ["post"], dartc: DARTC } },
      /preferred\[0\]: found "post"/,
    ],
    [{ name: "x", transport: { fallback: { tier: "e9" } } }, /fallback\.tier: found "e9"/],
    [{ name: "x", transport: { direct: { baseUrl: "x" } } }, /transport\.direct\.baseUrl/],
    [{ name: "x", tools: [{ name: "t" }], transport: { dartc: DARTC } }, /tools\[0\]\.description/],
  ];
  for (const [config, message] of wrong) {
    assert.throws(() => parsePodConfig(config), { name: "TypeError", message });
  }
});

Deno.test("parsePodConfig() takes any value, and throws nothing but a TypeError", () => {
  const keys = ["name", "transport", "dartc", "webrtc", "signalUrl", "podId", "tools", "ui"];
  const value = fc.object({ key: fc.constantFrom(...keys), maxDepth: 4, withNullPrototype: true });
  fc.assert(fc.property(fc.anything(), value, (anything, object) => {
    for (const config of [anything, object]) {
      try {
        parsePodConfig(config);
      } catch (error) {
        assert(error instanceof TypeError, String(error));
      }
    }
  }));
});

Deno.test("podConfigFromManifest() makes a configuration of every vector that has a transport", async () => {
  for (const { name, signed_b64, ok } of vectors.cases) {
    if (!ok || name === "smallest manifest") continue;
    const read = await verifyManifest(fromBase64(signed_b64));
    const config = podConfigFromManifest(read, signed_b64);
    assert.equal(config.systemPrompt, read.system_prompt);
    assert.equal(config.ownerPubkey, vectors.owner.publicKey);
    assert.equal(config.signedManifestB64, signed_b64);
    assert.equal(podIdOfConfig(config), podIdOf(read), name);
    assert.deepEqual(config.transport.dartc, {
      signalUrl: read.transport.dartc?.signal_url,
      podId: "hello-pod",
    });
  }
});

Deno.test("podConfigFromManifest() treats null as absent and webrtc as dartc", () => {
  const config = podConfigFromManifest(
    manifest({
      model: null,
      events: null,
      ui: { title: null, launcher: true },
      transport: {
        preferred: ["teleport", "webrtc", "direct", "webrtc"],
        dartc: { signal_url: "https://signal.example/signal", pod_id: "p", require_proof: true },
        direct: null,
        fallback: { tier: "e99", model: "m", models: null },
      },
    }),
    "AAAA",
  );
  assert.deepEqual(config, {
    name: "Hello",
    id: "hello-pod",
    persona: "A pod for tests.",
    systemPrompt: "You are terse.",
    ownerPubkey: OWNER,
    signedManifestB64: "AAAA",
    tools: [],
    ui: { launcher: true },
    transport: {
      preferred: ["dartc", "direct"],
      dartc: { signalUrl: "https://signal.example/signal", podId: "p", requireProof: true },
      fallback: { model: "m" },
    },
  });
});

Deno.test("podConfigFromManifest() refuses a manifest that can start no runtime", () => {
  const none = manifest({ transport: { preferred: [], dartc: null } });
  assert.throws(() => podConfigFromManifest(none, "AAAA"), TypeError);
});

Deno.test("podIdOfConfig() names a pod by its transport, its id, or its name", () => {
  const transport = { direct: { baseUrl: "http://x" } };
  assert.equal(podIdOfConfig({ name: "A b", transport }), "a-b");
  assert.equal(podIdOfConfig({ name: "A b", id: "own", transport }), "own");
  assert.equal(podIdOfConfig({ name: "A b", id: "own", transport: { dartc: DARTC } }), "hello-pod");
  assert.equal(podIdOfConfig({ name: "日本", transport }), "pod");
});

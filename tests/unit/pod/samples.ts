import { fc } from "../../libraries/fast_check.ts";
import type { JsonValue, Manifest } from "../../../src/pod/mod.ts";

/** The seed of the test owner. */
export const SEED: Uint8Array<ArrayBuffer> = new Uint8Array(32).fill(7);

/** Its public key. */
export const OWNER = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";

/** A small manifest of the test owner. */
export function manifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    v: 1,
    id: "hello-pod",
    name: "Hello",
    persona: "A pod for tests.",
    system_prompt: "You are terse.",
    owner_pubkey: OWNER,
    transport: {
      preferred: ["dartc"],
      dartc: { signal_url: "wss://signal.example/signal", pod_id: "hello-pod" },
    },
    tools: [],
    ...changes,
  };
}

/** A `pod.toml` that holds, with more text at its end. */
export function podToml(more = ""): string {
  return `name = "Hello"
system_prompt = "You are terse."

[transport.dartc]
pod_id = "hello-pod"
${more}`;
}

/** Any well-formed text. */
const text = fc.string({ unit: "binary", maxLength: 30 }).map((value) => value.toWellFormed());
/** Any value of JSON, without the key that no frame may have. */
export const anyJson: fc.Arbitrary<JsonValue> = fc.jsonValue({
  maxDepth: 4,
  noUnicodeString: false,
}).map((value): JsonValue => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")));
const event = fc.record({ name: text, value: anyJson }, { requiredKeys: ["name"] });
const optional = { requiredKeys: [] };

/** Any manifest of the test owner. */
export const anyManifest: fc.Arbitrary<Manifest> = fc.record({
  v: fc.constant(1),
  id: text,
  name: text,
  persona: text,
  system_prompt: text,
  model: text,
  owner_pubkey: fc.constant(OWNER),
  transport: fc.record({
    preferred: fc.array(fc.constantFrom("dartc", "direct", "fallback")),
    dartc: fc.record({ signal_url: text, pod_id: text, relay: fc.boolean() }, {
      requiredKeys: ["signal_url", "pod_id"],
    }),
    direct: fc.record({ base_url: text }),
    fallback: fc.record({
      tier: text,
      model: text,
      models: fc.array(
        fc.record({ id: text, label: text, sizeMB: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
        { maxLength: 3 },
      ),
    }, optional),
  }, { requiredKeys: ["preferred"] }),
  tools: fc.array(fc.record({ name: text, description: text }), { maxLength: 3 }),
  events: fc.record({
    on_run_started: fc.array(event, { maxLength: 3 }),
    on_run_finished: fc.array(event, { maxLength: 3 }),
    enable_tools: fc.array(text, { maxLength: 3 }),
  }, optional),
  capabilities: fc.array(
    fc.record({ name: text, required: fc.boolean(), risk: text }, { requiredKeys: ["name"] }),
    { maxLength: 3 },
  ),
  ui: fc.record({
    title: text,
    greeting: text,
    starters: fc.array(text, { maxLength: 3 }),
    accent: text,
    launcher: fc.boolean(),
    mode: text,
    entry: text,
    entry_sha256: text,
  }, optional),
}, {
  requiredKeys: [
    "v",
    "id",
    "name",
    "persona",
    "system_prompt",
    "owner_pubkey",
    "transport",
    "tools",
  ],
});

import assert from "node:assert/strict";
import { fc } from "../../libraries/fast_check.ts";
import { decode } from "cborg";
import {
  encodeManifest,
  type JsonValue,
  type Manifest,
  MAX_SIGNED_MANIFEST_BYTES,
  signManifest,
  verifyManifest,
} from "../../../src/pod/mod.ts";
import { anyManifest, manifest, OWNER, SEED } from "./samples.ts";

const RUNS = Number(Deno.env.get("FUZZ_RUNS") ?? 60);

Deno.test("encodeManifest() writes the keys in the order of the specification", () => {
  const full: Manifest = {
    ui: { entry_sha256: "00", entry: "ui.js", launcher: false, title: "T" },
    capabilities: [{ risk: "high", name: "payment.intent", required: false }],
    events: { enable_tools: ["set_state"], on_run_started: [{ value: null, name: "x" }] },
    tools: [{ description: "d", name: "n" }],
    transport: {
      fallback: { models: [{ sizeMB: 1.5, label: "l", id: "i" }], tier: "e2b" },
      direct: { base_url: "http://localhost:1" },
      dartc: { relay: false, pod_id: "p", signal_url: "ws://x" },
      preferred: ["direct"],
    },
    owner_pubkey: OWNER,
    model: "m",
    system_prompt: "s",
    persona: "",
    name: "n",
    id: "i",
    v: 1,
  };
  const text = JSON.stringify(decode(encodeManifest(full)));
  assert.equal(
    text,
    `{"v":1,"id":"i","name":"n","persona":"","system_prompt":"s","model":"m",` +
      `"owner_pubkey":"${OWNER}","transport":{"preferred":["direct"],` +
      `"dartc":{"signal_url":"ws://x","pod_id":"p","relay":false},` +
      `"direct":{"base_url":"http://localhost:1"},` +
      `"fallback":{"tier":"e2b","models":[{"id":"i","label":"l","sizeMB":1.5}]}},` +
      `"tools":[{"name":"n","description":"d"}],` +
      `"events":{"on_run_started":[{"name":"x","value":null}],"enable_tools":["set_state"]},` +
      `"capabilities":[{"name":"payment.intent","required":false,"risk":"high"}],` +
      `"ui":{"title":"T","launcher":false,"entry":"ui.js","entry_sha256":"00"}}`,
  );
});

Deno.test("encodeManifest() leaves out what is absent, undefined, null or unknown", () => {
  const sparse = manifest({ model: null, events: undefined, ui: null });
  const decoded: unknown = decode(encodeManifest({ ...sparse, ...{ secret: 1 } }));
  assert.deepEqual(decoded, manifest());
});

Deno.test("signManifest() writes signature and payload as byte strings", async () => {
  const { sig, payload, ...rest } = decode(await signManifest(manifest(), SEED));
  assert(sig instanceof Uint8Array && sig.length === 64);
  assert.deepEqual(payload, encodeManifest(manifest()));
  assert.deepEqual(rest, {});
});

Deno.test("signManifest() gives the same bytes for the same manifest and key", async () => {
  assert.deepEqual(await signManifest(manifest(), SEED), await signManifest(manifest(), SEED));
});

Deno.test("signManifest() refuses a manifest that names another owner", async () => {
  const other = manifest({ owner_pubkey: "00".repeat(32) });
  await assert.rejects(signManifest(other, SEED), { code: "owner_mismatch" });
});

Deno.test("signManifest() refuses a key that is not 32 bytes, and a version it does not write", async () => {
  await assert.rejects(signManifest(manifest(), SEED.subarray(1)), { code: "bad_key" });
  await assert.rejects(signManifest(manifest({ v: 2 }), SEED), { code: "manifest_rejected" });
});

Deno.test("signManifest() refuses what would not fit a hello, and says by how much", async () => {
  const large = manifest({ system_prompt: "x".repeat(MAX_SIGNED_MANIFEST_BYTES) });
  await assert.rejects(signManifest(large, SEED), {
    code: "manifest_too_large",
    message: /has 33\d\d\d bytes signed, at most 32768/,
  });
});

Deno.test("signManifest() refuses an event whose value has a key __proto__", async () => {
  const value: JsonValue = JSON.parse('{"a":{"__proto__":1}}');
  const events = { on_run_started: [{ name: "x", value }] };
  await assert.rejects(signManifest(manifest({ events }), SEED), { code: "manifest_rejected" });
});

Deno.test("whatever signManifest() signs, verifyManifest() reads as it was meant", async () => {
  await fc.assert(
    fc.asyncProperty(anyManifest, async (meant) => {
      const read = await verifyManifest(await signManifest(meant, SEED));
      assert.deepEqual(plain(read), plain(meant));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("a signed manifest with any one byte changed never verifies as another", async () => {
  const signed = await signManifest(manifest(), SEED);
  const position = fc.integer({ min: 0, max: signed.length - 1 });
  await fc.assert(
    fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Uint8Array.from(signed);
      changed[at] = (changed[at] ?? 0) ^ change;
      await assert.rejects(verifyManifest(changed), { code: "manifest_rejected" });
    }),
    { numRuns: RUNS },
  );
});

/** Plain objects, so that -0 is 0 and a missing prototype makes no difference. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

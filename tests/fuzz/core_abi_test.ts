import assert from "node:assert/strict";
import { fc } from "../libraries/fast_check.ts";
import { fromBase64 } from "../../src/base/mod.ts";
import { startMachine } from "../../src/core/wasm_abi.ts";
import vectors from "../vectors/manifest.json" with { type: "json" };
import { SETTINGS } from "./core_hostile.ts";

/** One call across the boundary, with arguments that no loader of ours would give. */
type Call =
  | { name: "input"; length: number; fill: number }
  | { name: "public_key" | "sign" | "verify" | "open_key" | "open_manifest" }
  | { name: "sign_with" | "close_key"; key: number };

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    name: fc.constant("input"),
    length: fc.oneof(fc.constantFrom(0, 31, 32, 33, 95, 96, 97, 1024 * 1024), fc.nat(0xffffffff)),
    fill: fc.nat(255),
  }),
  fc.record({
    name: fc.constantFrom("public_key", "sign", "verify", "open_key", "open_manifest"),
  }),
  fc.record({
    name: fc.constantFrom("sign_with", "close_key"),
    key: fc.oneof(fc.nat(4), fc.integer()),
  }),
);

const bytes = await Deno.readFile(new URL("../../src/core/core.wasm", import.meta.url));

async function startRaw() {
  const { instance } = await WebAssembly.instantiate(bytes);
  const exports = instance.exports;
  const memory = exports["memory"];
  assert.ok(memory instanceof WebAssembly.Memory);
  return {
    memory,
    call(name: string, ...args: number[]): number {
      const operation = exports[name];
      assert.ok(typeof operation === "function");
      return operation(...args);
    },
  };
}

Deno.test("no sequence of calls stops the core or makes it hand out other memory", async () => {
  const raw = await startRaw();
  const property = fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
    for (const call of calls) {
      switch (call.name) {
        case "input": {
          const start = raw.call("input", call.length);
          if (start !== 0) {
            // Throws where the room is not all inside the memory.
            new Uint8Array(raw.memory.buffer, start, call.length).fill(call.fill);
          }
          break;
        }
        case "sign_with":
        case "close_key":
          raw.call(call.name, call.key);
          break;
        default:
          raw.call(call.name);
      }
      const [start, length] = [raw.call("output"), raw.call("output_len")];
      assert.ok(start >= 0 && length <= 4096, `an output of ${length} bytes at ${start}`);
      assert.ok(start + length <= raw.memory.buffer.byteLength);
    }
  });
  fc.assert(property, { ...SETTINGS, numRuns: Math.ceil((SETTINGS.numRuns ?? 0) / 10) });
});

Deno.test("ten thousand calls leave the memory as large as the first ones made it", async () => {
  const raw = await startRaw();
  const put = (...parts: readonly Uint8Array[]) => {
    const whole = parts.flatMap((part) => [...part]);
    const start = raw.call("input", whole.length);
    new Uint8Array(raw.memory.buffer, start, whole.length).set(whole);
  };
  const manifests = vectors.cases.map(({ signed_b64 }) => fromBase64(signed_b64));
  const seed = new Uint8Array(32).fill(3);
  const message = new Uint8Array(700);
  const step = (i: number) => {
    const manifest = manifests[i % manifests.length] ?? assert.fail();
    put(manifest);
    raw.call("open_manifest");
    put(seed);
    const key = raw.call("open_key");
    assert.equal(key, 1);
    put(message.subarray(i % 700));
    assert.equal(raw.call("sign_with", key), 1);
    raw.call("close_key", key);
  };
  for (let i = 0; i < 100; i++) step(i);
  const before = raw.memory.buffer.byteLength;
  for (let i = 0; i < 2_500; i++) step(i); // four operations each
  assert.equal(raw.memory.buffer.byteLength, before);
});

Deno.test("an input is wiped when its operation is over", async () => {
  const seed = new Uint8Array(32).fill(0x5e);
  const raw = await startRaw();
  const start = raw.call("input", 32);
  const input = new Uint8Array(raw.memory.buffer, start, 32);
  input.set(seed);
  assert.equal(raw.call("sign"), 1);
  assert.equal(input.length, 32, "the memory did not move");
  assert.equal(input.filter((byte) => byte === 0x5e).length, 0);
});

Deno.test("the loader hands out copies, which a later call does not change", async () => {
  const machine = await startMachine(bytes);
  machine.run("public_key", new Uint8Array(32).fill(1));
  const first = machine.output();
  const copy = first.slice();
  machine.run("public_key", new Uint8Array(32).fill(2));
  assert.deepEqual(first, copy);
});

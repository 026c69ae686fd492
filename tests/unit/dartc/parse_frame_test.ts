import assert from "node:assert/strict";
import * as z from "zod/mini";
import { fc } from "../../libraries/fast_check.ts";
import { MAX_FRAME_BYTES } from "../../../src/dartc/limits.ts";
import { parseFrame, readFrame } from "../../../src/dartc/parse_frame.ts";

const FRAME = {
  version: "0.2",
  msg_id: "1",
  from: "visitor:1",
  to: "*",
  topic: "a.b",
  timestamp: 1,
  signature: "",
};

const refuses = (text: string, why: RegExp) =>
  assert.throws(() => parseFrame(text), { code: "invalid_frame", message: why });

Deno.test("parseFrame() takes a frame of 256 KiB and refuses one byte more", () => {
  const size = JSON.stringify({ ...FRAME, payload: "" }).length;
  const frame = (bytes: number) => JSON.stringify({ ...FRAME, payload: "x".repeat(bytes - size) });
  assert.equal(parseFrame(frame(MAX_FRAME_BYTES)).topic, "a.b");
  refuses(frame(MAX_FRAME_BYTES + 1), /larger/);
});

Deno.test("parseFrame() counts bytes, not characters", () => {
  refuses(JSON.stringify({ ...FRAME, payload: "é".repeat(MAX_FRAME_BYTES / 2) }), /larger/);
});

Deno.test("parseFrame() refuses what is not JSON, or not one object", () => {
  refuses("", /not JSON/);
  refuses('{"version":', /not JSON/);
  for (const text of ["null", "[]", "1", '"0.2"']) refuses(text, /not a JSON object/);
});

Deno.test("parseFrame() names the member that is missing or of another type", () => {
  for (const name of Object.keys(FRAME)) {
    refuses(JSON.stringify({ ...FRAME, [name]: undefined }), new RegExp(name));
    refuses(JSON.stringify({ ...FRAME, [name]: {} }), new RegExp(name));
    refuses(JSON.stringify({ ...FRAME, [name]: null }), new RegExp(name));
  }
  refuses(JSON.stringify(FRAME).replace('"timestamp":1', '"timestamp":1e999'), /timestamp/);
  refuses(JSON.stringify({ ...FRAME, version: "0.3" }), /version/);
});

Deno.test("parseFrame() keeps unknown members: they are signed", () => {
  const frame = { ...FRAME, constructor: 1, dartc: { constructor: 2 } };
  assert.deepEqual(parseFrame(JSON.stringify(frame)), frame);
});

Deno.test("parseFrame() refuses a __proto__ key before it looks at anything else", () => {
  refuses('{"__proto__":{"version":"0.2"}}', /__proto__/);
});

/** The same shape as zod says it: what `parseFrame` must agree with. */
const schema = z.looseObject({
  version: z.literal("0.2"),
  msg_id: z.string(),
  from: z.string(),
  to: z.string(),
  topic: z.string(),
  timestamp: z.number(),
  signature: z.string(),
  dartc: z.optional(z.looseObject({
    stream: z.optional(z.boolean()),
    chunk_id: z.optional(z.number()),
    is_final: z.optional(z.boolean()),
    priority: z.optional(z.enum(["low", "normal", "high"])),
    requires_ack: z.optional(z.boolean()),
    ack_for: z.optional(z.string()),
  })),
});

Deno.test("readFrame() agrees with the zod schema of a frame about every value", () => {
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(undefined));
  const mostly = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 12, arbitrary: good }, anything);
  const meta = fc.record({
    stream: mostly(fc.boolean()),
    chunk_id: mostly(fc.nat()),
    is_final: mostly(fc.boolean()),
    priority: mostly(fc.constantFrom("low", "normal", "high")),
    requires_ack: mostly(fc.boolean()),
    ack_for: mostly(fc.string()),
  }, { requiredKeys: [] });
  const frame = fc.record({
    version: mostly(fc.constant("0.2")),
    msg_id: mostly(fc.string()),
    from: mostly(fc.string()),
    to: mostly(fc.string()),
    topic: mostly(fc.string()),
    timestamp: mostly(fc.double({ noNaN: true, noDefaultInfinity: true })),
    signature: mostly(fc.string()),
    dartc: mostly(meta),
    payload: anything,
  }, { requiredKeys: ["version", "msg_id", "from", "to", "topic", "timestamp", "signature"] });
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(frame, anything), (value) => {
      let ours = true;
      try {
        readFrame(value);
      } catch {
        ours = false;
      }
      if (ours) accepted++;
      assert.equal(ours, schema.safeParse(value).success);
    }),
    { numRuns: 3000 },
  );
  assert.ok(accepted > 100, "the property must see good frames too");
});

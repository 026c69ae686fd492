import assert from "node:assert/strict";
import { fc } from "../libraries/fast_check.ts";
import { signingText } from "../../src/dartc/mod.ts";

const numRuns = Number(Deno.env.get("GEMMAPOD_FUZZ_RUNS") ?? "300");

/** dartc.md, "Signing bytes", as it is written there, and in no other way. */
function reference(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reference);
  if (typeof value !== "object" || value === null) return value;
  const source = value as Record<string, unknown>; // an object has string keys
  const rebuilt: Record<string, unknown> = {};
  for (const key of Object.keys(source).sort()) {
    if (source[key] !== undefined) rebuilt[key] = reference(source[key]);
  }
  return rebuilt;
}

/** The same value with the keys of every object put in the opposite order. */
function turnedAround(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedAround);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).reverse().map(([key, item]) => [key, turnedAround(item)]),
  );
}

const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("a", "b", "E", "é", "\ud83c\udf55", "\uff61", "\ud83c", "toJSON", "constructor"),
  fc.constantFrom("0", "1", "9", "10", "01", "-1", "1.5", "4294967294", "4294967295", "1e3"),
).filter((text) => text !== "__proto__");

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined, "\u2028", "\ud83c", -0, 1e21, 5e-324),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

const frame = fc.dictionary(key.filter((name) => name !== "signature"), value, { maxKeys: 8 });

Deno.test("signingText() is what the page's own words make of every frame", () => {
  fc.assert(
    fc.property(frame, (frame) => {
      assert.equal(signingText(frame), JSON.stringify(reference(frame)));
    }),
    { numRuns },
  );
});

Deno.test("signingText() of what was read from a signing text is that text", () => {
  fc.assert(
    fc.property(frame, (frame) => {
      const text = signingText(frame);
      assert.equal(signingText(JSON.parse(text)), text);
    }),
    { numRuns },
  );
});

Deno.test("signingText() does not depend on the order in which members were written", () => {
  fc.assert(
    fc.property(frame, (frame) => {
      const other = turnedAround(frame) as object; // a frame turned around is an object
      assert.equal(signingText(other), signingText(frame));
    }),
    { numRuns },
  );
});

Deno.test("signingText() loses and adds nothing", () => {
  fc.assert(
    fc.property(frame, (frame) => {
      assert.deepEqual(JSON.parse(signingText(frame)), JSON.parse(JSON.stringify(frame)));
    }),
    { numRuns },
  );
});

Deno.test("signingText() refuses every frame with a __proto__ key, wherever it hides", () => {
  fc.assert(
    fc.property(frame, fc.nat(), (frame, where) => {
      const text = JSON.stringify({ ...frame, "~": {} });
      const objects = [...text.matchAll(/\{/g)].map((match) => match.index)
        // Braces inside strings would make no key.
        .filter((at) => isJson(withProto(text, at)));
      const at = objects[where % objects.length] ?? 0;
      assert.throws(() => signingText(JSON.parse(withProto(text, at))), { code: "invalid_frame" });
    }),
    { numRuns },
  );
});

function withProto(text: string, at: number): string {
  const comma = text[at + 1] === "}" ? "" : ",";
  return `${text.slice(0, at + 1)}"__proto__":1${comma}${text.slice(at + 1)}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

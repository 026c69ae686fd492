import { DartcError } from "./error_code.ts";
import { MAX_DEPTH } from "./limits.ts";

type Json = Record<string, unknown>;

/**
 * The same value with the keys of every object in the order of dartc.md, "Signing bytes": sorted by
 * UTF-16 code unit, but integer-like ones first, as ECMAScript orders them. What is in order already
 * is returned as it is, not copied: `JSON.stringify` prints the canonical text of the result.
 *
 * Throws {@linkcode DartcError} `invalid_frame` for a `__proto__` key anywhere, which a copy would
 * take for the prototype, and for a value too deep for a stack. So this is the first thing that
 * reads what a peer sent.
 */
export function inCanonicalOrder(value: unknown): unknown {
  return ordered(value, 0);
}

/**
 * The text that is signed: the frame without its signature, canonical (dartc.md, "Signing bytes").
 * Its UTF-8 bytes are what the signature covers.
 *
 * Throws {@linkcode DartcError} `invalid_frame` for a `__proto__` key.
 *
 * @example
 * ```ts
 * import { signingText } from "./canonical.ts";
 *
 * const text = signingText({ topic: "a", payload: { 10: "x", b: 1, a: [2, 1] }, signature: "" });
 * if (text !== '{"payload":{"10":"x","a":[2,1],"b":1},"topic":"a"}') throw new Error(text);
 * ```
 */
export function signingText(frame: Readonly<object>): string {
  const { signature: _, ...unsigned } = frame as { signature?: unknown }; // any object may have one
  // The spread keeps an own `__proto__` key as an own key, so that it is seen and refused.
  return JSON.stringify(inCanonicalOrder(unsigned));
}

function ordered(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) {
    throw new DartcError("invalid_frame", `Cannot read the frame: it nests over ${MAX_DEPTH} deep`);
  }
  if (Array.isArray(value)) return orderedArray(value, depth);
  if (hasToJson(value)) return ordered(value.toJSON(), depth + 1);
  return orderedObject(value as Json, depth); // an object that is no array has string keys
}

function orderedArray(source: unknown[], depth: number): unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < source.length; i++) {
    const item = source[i];
    const inOrder = ordered(item, depth + 1);
    if (inOrder === item) continue;
    copy ??= source.slice();
    copy[i] = inOrder;
  }
  return copy ?? source;
}

function orderedObject(source: Json, depth: number): Json {
  const keys = Object.keys(source);
  let sorted = true;
  let last = "";
  let changed: Json | undefined;
  for (const key of keys) {
    if (key === "__proto__") {
      throw new DartcError("invalid_frame", "Cannot read the frame: it has a __proto__ key");
    }
    if (!isIndex(key)) {
      if (key < last) sorted = false;
      last = key;
    }
    const item = source[key];
    if (typeof item !== "object" || item === null) continue;
    const inOrder = ordered(item, depth + 1);
    if (inOrder !== item) (changed ??= { ...source })[key] = inOrder;
  }
  const complete = changed ?? source;
  if (sorted && isPlain(source)) return complete;
  const copy: Json = {};
  for (const key of keys.sort()) copy[key] = complete[key];
  return copy;
}

/** Whether ECMAScript puts this key before all others: an array index, 0 to 2^32 - 2 (ECMA-262 6.1.7). */
function isIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || key.length > 10) return false;
  const index = Number(key);
  return Number.isInteger(index) && index < 4_294_967_295 && String(index) === key;
}

/** What has getters or inherits is copied, so that what is ordered is what is printed. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A `Date` and the like, which `JSON.stringify` asks what to print. */
function hasToJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

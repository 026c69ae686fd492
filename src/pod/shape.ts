import { isFiniteNumber, isObject, isString } from "../base/mod.ts";
import type { JsonValue } from "./manifest.ts";

/**
 * Reads a value of unknown shape as a `T`, or throws a `TypeError` that names `key`.
 *
 * Why not zod: these readers are in every packed page, where `zod/mini` alone is 16 KB of a page
 * that aims at 115 in all. The readers of `pod.toml`, which no page carries, are zod's.
 */
export type Reader<T> = (value: unknown, key: string) => T;

/** What a reader of an object is made of: one reader for each key. */
export type Shape<T> = { readonly [K in keyof T]-?: Reader<T[K]> };

/** The most characters of a wrong value that a message shows. */
const SHOWN = 40;

/** How deep a JSON value may nest, as in the signed manifest's CBOR. */
const MAX_JSON_DEPTH = 32;

/** Throws the `TypeError` of a wrong value: the key, what was found, what was expected. */
export function refuse(value: unknown, key: string, expected: string): never {
  throw new TypeError(`Cannot read ${key}: found ${shown(value)}, expected ${expected}`);
}

/** A wrong value, short and on one line, as a message may show it. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value instanceof Date) return "a date";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  const cut = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
  // JSON escapes the line breaks and control characters, with which a value could forge a line.
  return JSON.stringify(cut).replace(/[\u007f-\u009f\u2028\u2029]/g, "\ufffd");
}

/** Any text. */
export function text(value: unknown, key: string): string {
  return isString(value) ? value : refuse(value, key, "text");
}

/** Text of at least one character. */
export function filledText(value: unknown, key: string): string {
  return isString(value) && value !== "" ? value : refuse(value, key, "text that is not empty");
}

/** A finite number. */
export function finite(value: unknown, key: string): number {
  return isFiniteNumber(value) ? value : refuse(value, key, "a number");
}

/** True or false. */
export function flag(value: unknown, key: string): boolean {
  return typeof value === "boolean" ? value : refuse(value, key, "true or false");
}

/** A value that JSON can carry, null among them, or absent. */
export function json(value: unknown, key: string): JsonValue | undefined {
  if (value !== undefined && !isJson(value)) refuse(value, key, "a JSON value");
  return value;
}

/**
 * Whether JSON can carry a value, with finite numbers, no key `__proto__` (a frame that had one
 * would be refused) and no nesting beyond what a manifest may have.
 */
export function isJson(value: unknown, depth: number = MAX_JSON_DEPTH): value is JsonValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  if (Object.hasOwn(value, "__proto__")) return false;
  return Object.values(value).every((item) => isJson(item, depth - 1));
}

/** One of a few words. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<T extends string>(words: readonly T[]): Reader<T> {
  return (value, key) =>
    words.find((word) => word === value) ?? refuse(value, key, words.map(quote).join(" or "));
}

/** An absolute URL with one of these schemes. */
/* @__NO_SIDE_EFFECTS__ */
export function url(...schemes: readonly string[]): Reader<string> {
  return (value, key) => {
    const expected = `a URL that begins with ${
      schemes.map((scheme) => `${scheme}://`).join(" or ")
    }`;
    return isUrl(value, schemes) ? value : refuse(value, key, expected);
  };
}

/** Whether a value is the text of an absolute URL with one of these schemes. */
export function isUrl(value: unknown, schemes: readonly string[]): value is string {
  if (typeof value !== "string") return false;
  try {
    const parsed = new URL(value);
    return parsed.host !== "" && schemes.includes(parsed.protocol.slice(0, -1));
  } catch {
    return false; // not an absolute URL; `URL.parse` would say so too, in newer browsers only
  }
}

/** The same, or absent. Null is read as absent. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, key) => value === undefined || value === null ? undefined : reader(value, key);
}

/** A list. */
/* @__NO_SIDE_EFFECTS__ */
export function listOf<T>(reader: Reader<T>): Reader<T[]> {
  return (value, key) =>
    Array.isArray(value)
      ? value.map((item, index) => reader(item, `${key}[${index}]`))
      : refuse(value, key, "a list");
}

/** An object: the keys of `shape` and no other are read; what is absent stays absent. */
/* @__NO_SIDE_EFFECTS__ */
export function objectOf<T extends object>(shape: Shape<T>): Reader<T> {
  return (value, key) => {
    if (!isObject(value)) {
      return refuse(value, key, "an object");
    }
    const result: Partial<T> = {};
    for (const name in shape) { // rather than Object.keys, which forgets the type of the keys
      if (!Object.hasOwn(shape, name)) continue;
      const member: unknown = Object.hasOwn(value, name) ? value[name] : undefined;
      const path = key === "" ? name : `${key}.${name}`;
      const read = shape[name](member, path);
      if (read !== undefined) result[name] = read;
    }
    // Every key of the shape was read; those that are missing are those whose type has undefined.
    return result as T;
  };
}

function quote(word: string): string {
  return `"${word}"`;
}

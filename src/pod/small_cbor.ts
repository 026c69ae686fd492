import { concatBytes, utf8Encode } from "../base/mod.ts";
import { orderedManifest } from "./ordered_manifest.ts";
import type { JsonValue, Manifest } from "./manifest.ts";

/**
 * The bytes that {@linkcode encodeManifest} gives, from one kilobyte of our own instead of the 22
 * of cborg: for pages, which can sign but hardly ever do. A packer uses the other, as its pages are
 * read by an implementation that had no hand in writing them; the tests hold the two together.
 */
export function encodeManifestSmall(manifest: Manifest): Uint8Array<ArrayBuffer> {
  return item(orderedManifest(manifest));
}

/** A signed manifest from its two parts: the CBOR map `{sig, payload}` of byte strings. */
export function encodeSignedSmall(
  sig: Uint8Array,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return concatBytes(head(5, 2), item("sig"), bytes(sig), item("payload"), bytes(payload));
}

/** One data item: integers and floats in their shortest form (RFC 8949, 4.1 and 4.2.1). */
function item(value: JsonValue): Uint8Array<ArrayBuffer> {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) return float(value);
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }
  if (typeof value === "string") {
    const text = utf8Encode(value);
    return concatBytes(head(3, text.length), text);
  }
  if (isList(value)) return concatBytes(head(4, value.length), ...value.map(item));
  const entries = Object.entries(value);
  return concatBytes(head(5, entries.length), ...entries.flat().map(item));
}

function bytes(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(head(2, content.length), content);
}

/** The major type with its argument (RFC 8949, 3). */
function head(major: number, argument: number): Uint8Array<ArrayBuffer> {
  const size = argument < 24 ? 0 : argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : 4;
  if (argument >= 2 ** 32) {
    const view = new DataView(new ArrayBuffer(9));
    view.setUint8(0, (major << 5) | 27);
    view.setBigUint64(1, BigInt(argument));
    return new Uint8Array(view.buffer);
  }
  if (size === 0) return Uint8Array.of((major << 5) | argument);
  const view = new DataView(new ArrayBuffer(5));
  view.setUint32(1, argument);
  const result = new Uint8Array(view.buffer, 4 - size);
  result[0] = (major << 5) | (size === 1 ? 24 : size === 2 ? 25 : 26);
  return result;
}

/** A float of 16, 32 or 64 bits, the shortest that holds the value. */
function float(value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(9));
  if (Math.fround(value) !== value) {
    view.setUint8(0, 0xfb);
    view.setFloat64(1, value);
    return new Uint8Array(view.buffer);
  }
  view.setUint8(0, 0xfa);
  view.setFloat32(1, value);
  const bits = view.getUint32(1);
  const half = halfOf(bits >>> 31, ((bits >>> 23) & 0xff) - 127, bits & 0x7fffff);
  if (half === undefined) return new Uint8Array(view.buffer, 0, 5);
  return Uint8Array.of(0xf9, half >> 8, half & 0xff);
}

/** A binary16 with the same value as a binary32 of these parts (IEEE 754, 3.4), if there is one. */
function halfOf(sign: number, exponent: number, fraction: number): number | undefined {
  if (exponent >= -14 && exponent <= 15 && (fraction & 0x1fff) === 0) {
    return (sign << 15) | ((exponent + 15) << 10) | (fraction >> 13);
  }
  // Of the subnormal ones cborg takes the powers of two alone; the bytes are to be the same.
  if (exponent >= -24 && exponent < -14 && fraction === 0) {
    return (sign << 15) | (1 << exponent + 24);
  }
  return undefined;
}

/** `Array.isArray` says nothing about lists that are read-only. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

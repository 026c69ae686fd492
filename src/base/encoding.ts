import { CodedError } from "./coded_error.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `btoa` takes a string of bytes; longer arguments overflow the stack of `fromCharCode`. */
const CHUNK = 0x8000;

/** The UTF-8 bytes of a text. Lone surrogates become U+FFFD, as everywhere on the web. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes. Throws `TypeError` when the bytes are not UTF-8. */
export function utf8Decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Lower-case hex of some bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/**
 * The bytes of a hex text, upper or lower case.
 *
 * Throws {@linkcode CodedError} `bad_encoding` for an odd length or any other character.
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new CodedError("bad_encoding", "Cannot decode hex: expected pairs of 0-9 and a-f");
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Whether a text is exactly `bytes` bytes of lower-case hex, as keys are written on the wire. */
export function isHex(text: string, bytes: number): boolean {
  return text.length === 2 * bytes && /^[0-9a-f]*$/.test(text);
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(binary);
}

/**
 * The bytes of standard base64 (RFC 4648 section 4).
 *
 * Throws {@linkcode CodedError} `bad_encoding` for another alphabet, white space, or a length that
 * no writer makes.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (/[^A-Za-z0-9+/=]/.test(text) || text.length % 4 !== 0) {
    throw new CodedError("bad_encoding", "Cannot decode base64: not the standard alphabet, padded");
  }
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new CodedError("bad_encoding", "Cannot decode base64: the text is malformed", { cause });
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Several runs of bytes as one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

import { utf8Decode, utf8Encode } from "../base/mod.ts";
import { byteSearch } from "./byte_search.ts";

/** What a text assigns to a global. */
export interface AssignedStrings {
  /** Its different base64 strings, white space and padding gone; at most two, the rest is unread. */
  readonly values: readonly string[];
  /** How many assignments of something else there were. */
  readonly malformed: number;
}

/**
 * Every base64 string that some page assigns to the global `name`, as implementations of all kinds
 * write it: `window.NAME = "…"`, `globalThis["NAME"]='…'`, `var NAME = …`, with line breaks or
 * JavaScript's escapes inside.
 *
 * The whole text is looked at, comments included: whoever finds one assignment may not miss another.
 * It is taken as UTF-8 bytes, so that no copy of it is made. Linear in its length, whatever it is:
 * no part of it is read twice.
 *
 * @param maxChars the longest base64 that is taken
 */
export function assignedStrings(
  html: Uint8Array,
  name: string,
  maxChars: number,
): AssignedStrings {
  const find = byteSearch(utf8Encode(name));
  const literal = new Base64Literal(maxChars);
  const values: Uint8Array[] = [];
  let malformed = 0;
  let at = find(html, 0);
  while (at !== -1 && values.length < 2) {
    const start = literalAfter(html, at, name.length);
    at += name.length;
    if (start !== undefined) {
      const { isBase64, end } = literal.read(html, start);
      at = end;
      if (!isBase64) malformed++;
      else if (values[0] === undefined || !literal.equals(values[0])) values.push(literal.copy());
    }
    at = find(html, at);
  }
  return { values: values.map(utf8Decode), malformed };
}

const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKTICK = 0x60;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const PLUS = 0x2b;
const DOT = 0x2e;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const isQuote = (byte: number | undefined) =>
  byte === DOUBLE || byte === SINGLE || byte === BACKTICK;

/** Where the string begins that is assigned to the name at `at`, or undefined. */
function literalAfter(html: Uint8Array, at: number, nameLength: number): number | undefined {
  const before = html[at - 1];
  let next = at + nameLength;
  if (isQuote(before)) {
    if (html[next] !== before) return undefined;
    next = skipSpace(html, next + 1);
    if (html[next] !== CLOSING_BRACKET) return undefined;
    next++;
  } else if (before !== undefined && /[\w$]/.test(String.fromCharCode(before))) {
    return undefined; // the end of a longer name
  }
  next = skipSpace(html, next);
  if (html[next] !== EQUALS || html[next + 1] === EQUALS || html[next + 1] === GREATER) {
    return undefined;
  }
  next = skipSpace(html, next + 1);
  return isQuote(html[next]) ? next : undefined;
}

/** String literals of base64, read one after another into one piece of memory. */
class Base64Literal {
  readonly #maxChars: number;
  #digits = new Uint8Array(4096);
  #length = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** Reads the literal that begins at `start`: whether it is base64, and where the reading ended. */
  read(html: Uint8Array, start: number): { isBase64: boolean; end: number } {
    const quote = html[start];
    this.#length = 0;
    let at = start + 1;
    while (html[at] !== quote) {
      const byte = html[at] ?? -1;
      const space = spaceAt(html, at);
      if (space > 0) {
        at += space;
      } else if (byte === BACKSLASH) {
        const escape = readEscape(html, at);
        if (escape === undefined) return { isBase64: false, end: at };
        if (escape.byte !== undefined) this.#push(escape.byte);
        at = escape.end;
      } else if (isBase64(byte)) {
        this.#push(byte);
        at++;
      } else {
        return { isBase64: false, end: at };
      }
      if (this.#length > this.#maxChars) return { isBase64: false, end: at };
    }
    const end = at + 1;
    const next = html[skipSpace(html, end)];
    // Part of an expression: what is assigned is something else.
    if (next === PLUS || next === DOT || next === BRACKET) return { isBase64: false, end };
    return { isBase64: this.#endsWell(), end };
  }

  equals(other: Uint8Array): boolean {
    if (other.length !== this.#length) return false;
    for (let i = 0; i < this.#length; i++) if (other[i] !== this.#digits[i]) return false;
    return true;
  }

  copy(): Uint8Array {
    return this.#digits.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#digits.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#digits);
      this.#digits = larger;
    }
    this.#digits[this.#length++] = byte;
  }

  /** Takes the padding off, and says whether what is left are the digits of some bytes. */
  #endsWell(): boolean {
    for (let i = 0; i < 2 && this.#digits[this.#length - 1] === EQUALS && this.#length > 0; i++) {
      this.#length--;
    }
    return this.#length > 0 && this.#length % 4 !== 1 &&
      !this.#digits.subarray(0, this.#length).includes(EQUALS);
  }
}

/**
 * What a backslash and what follows say (ECMA-262, 12.9.4): a digit of base64, or nothing where it
 * is space; undefined where it is anything else.
 */
function readEscape(
  html: Uint8Array,
  at: number,
): { byte?: number; end: number } | undefined {
  const next = html[at + 1];
  if (next === undefined) return undefined;
  if (next === CARRIAGE_RETURN && html[at + 2] === LINE_FEED) return { end: at + 3 };
  const space = spaceAt(html, at + 1);
  if (space > 1 || next === LINE_FEED || next === CARRIAGE_RETURN) return { end: at + 1 + space };
  const character = String.fromCharCode(next);
  if (/[nrtfv]/.test(character)) return { end: at + 2 };
  if (character === "x" || character === "u") {
    const code = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{0{0,4}([0-9a-f]{1,2})\})/i
      .exec(String.fromCharCode(...html.subarray(at, at + 10)));
    if (code === null) return undefined;
    const byte = parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16);
    return isBase64(byte) ? { byte, end: at + code[0].length } : undefined;
  }
  return isBase64(next) && !/[0-9b]/.test(character) ? { byte: next, end: at + 2 } : undefined;
}

const BASE64 = Uint8Array.from(
  { length: 256 },
  (_, byte) => /[A-Za-z0-9+/=]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

function isBase64(byte: number): boolean {
  return BASE64[byte] === 1;
}

/**
 * How many bytes of white space or of a line's end begin here (ECMA-262, 12.2 and 12.3): one
 * character's, or none.
 */
function spaceAt(html: Uint8Array, at: number): number {
  const byte = html[at] ?? 0;
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return 1;
  if (byte < 0xc2) return 0;
  const second = html[at + 1];
  if (byte === 0xc2) return second === 0xa0 ? 2 : 0; // no-break space
  const third = html[at + 2];
  if (byte === 0xe2) return second === 0x80 && (third === 0xa8 || third === 0xa9) ? 3 : 0;
  return byte === 0xef && second === 0xbb && third === 0xbf ? 3 : 0; // byte order mark
}

function skipSpace(html: Uint8Array, at: number): number {
  for (;;) {
    const space = spaceAt(html, at);
    if (space === 0) return at;
    at += space;
  }
}

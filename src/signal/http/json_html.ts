import { utf8Decode } from "../../base/mod.ts";
import { HttpError } from "./http_error.ts";

/** All of a body that is not the page, in bytes: its braces, and members that we do not know. */
const MAX_FRAME_BYTES = 64 * 1024;

/**
 * The page in a body of the form `{"html": "…"}`, as UTF-8 while it comes in: the text is unescaped
 * piece by piece and never held.
 *
 * What stands around it is kept and read as JSON at the end, so that just what is JSON passes.
 * Throws {@linkcode HttpError} 400 for anything else.
 */
export async function* htmlOfJson(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = new HtmlMember();
  for await (const chunk of chunks) {
    const html = reader.read(chunk);
    if (html.length > 0) yield html;
  }
  reader.end();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

const byteOf = (character: string) => character.charCodeAt(0);

/** What a backslash makes of a character (RFC 8259, 7), but for `u`. */
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
  [byteOf("/"), byteOf("/")],
  [byteOf("b"), 0x08],
  [byteOf("f"), 0x0c],
  [byteOf("n"), 0x0a],
  [byteOf("r"), 0x0d],
  [byteOf("t"), 0x09],
]);

/** The key as it stands in the frame when its value begins. */
const KEY = '"html"';

/** Where the reading is in the text of the page. */
type InHtml =
  | { readonly at: "text" }
  /** Behind a backslash. */
  | { readonly at: "escape" }
  /** Behind `\u` and some of its digits. */
  | { readonly at: "digits"; readonly digits: number; readonly value: number };

/** Cuts the value of `html` out of a JSON text. */
class HtmlMember {
  #frame = new Uint8Array(1024);
  #frameLength = 0;
  #depth = 0;
  /** In a string of the frame, and whether behind a backslash there. */
  #string: "none" | "inside" | "escape" = "none";
  /** Where in the frame the key began that is the last whole string at depth 1. */
  #keyStart = -1;
  /** Whether that key was followed by nothing but its colon. */
  #afterKey = false;
  #html: InHtml | undefined;
  #htmlSeen = 0;
  /** The first half of a surrogate pair, whose second may follow. */
  #highSurrogate = 0;
  #out = new Uint8Array(0);
  #outLength = 0;

  /** The bytes of the page that a piece of the body holds; good until the next call. */
  read(chunk: Uint8Array): Uint8Array {
    // No escape is shorter than its UTF-8; a character may end here that began in the last piece.
    if (this.#out.length < chunk.length + 8) this.#out = new Uint8Array(chunk.length + 8);
    this.#outLength = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (this.#html === IN_TEXT && this.#highSurrogate === 0 && isPlain(byte)) {
        let end = i + 1;
        while (end < chunk.length && isPlain(chunk[end] ?? 0)) end++;
        this.#out.set(chunk.subarray(i, end), this.#outLength);
        this.#outLength += end - i;
        i = end - 1;
      } else if (this.#html === undefined) this.#readFrame(byte);
      else this.#readHtml(byte, this.#html);
    }
    return this.#out.subarray(0, this.#outLength);
  }

  /** Throws where the body was not what it has to be. */
  end(): void {
    if (this.#html !== undefined || this.#htmlSeen !== 1) throw notJson();
    try {
      const frame: unknown = JSON.parse(utf8Decode(this.#frame.subarray(0, this.#frameLength)));
      if (typeof frame === "object" && frame !== null && "html" in frame && frame.html === "") {
        return;
      }
    } catch {
      // said below
    }
    throw notJson();
  }

  #readFrame(byte: number): void {
    this.#push(byte);
    if (this.#string === "escape") {
      this.#string = "inside";
      return;
    }
    if (this.#string === "inside") {
      if (byte === BACKSLASH) this.#string = "escape";
      else if (byte === QUOTE) this.#string = "none";
      return;
    }
    switch (byte) {
      case QUOTE:
        if (this.#afterKey) this.#beginHtml();
        else {
          this.#string = "inside";
          if (this.#depth === 1) this.#keyStart = this.#frameLength - 1;
        }
        break;
      case COLON:
        this.#afterKey = this.#depth === 1 && this.#keyIsHtml();
        break;
      case byteOf("{"):
      case byteOf("["):
        this.#depth++;
        this.#keyStart = -1;
        this.#afterKey = false;
        break;
      case byteOf("}"):
      case byteOf("]"):
        this.#depth--;
        this.#keyStart = -1;
        break;
      case COMMA:
        this.#keyStart = -1;
        this.#afterKey = false;
        break;
    }
  }

  /** Whether the frame ends in the key, white space and the colon that was just read. */
  #keyIsHtml(): boolean {
    if (this.#keyStart === -1) return false;
    const key = this.#frame.subarray(this.#keyStart, this.#frameLength - 1);
    return key.length < 1024 && String.fromCharCode(...key).trimEnd() === KEY;
  }

  #beginHtml(): void {
    this.#htmlSeen++;
    this.#html = IN_TEXT;
    this.#afterKey = false;
    this.#keyStart = -1;
  }

  #readHtml(byte: number, state: InHtml): void {
    switch (state.at) {
      case "text":
        if (byte === BACKSLASH) {
          this.#html = BEHIND_BACKSLASH;
          return;
        }
        if (byte < 0x20) throw notJson();
        this.#endSurrogate();
        if (byte === QUOTE) {
          this.#html = undefined;
          this.#push(QUOTE); // an empty text stands for the page in the frame
        } else {
          this.#emit(byte);
        }
        return;
      case "escape": {
        if (byte === byteOf("u")) {
          this.#html = { at: "digits", digits: 0, value: 0 };
          return;
        }
        const meant = ESCAPES.get(byte);
        if (meant === undefined) throw notJson();
        this.#endSurrogate();
        this.#emit(meant);
        this.#html = IN_TEXT;
        return;
      }
      case "digits": {
        const digit = hexDigit(byte);
        if (digit === undefined) throw notJson();
        const value = state.value * 16 + digit;
        const digits = state.digits + 1;
        if (digits < 4) {
          this.#html = { at: "digits", digits, value };
          return;
        }
        this.#html = IN_TEXT;
        this.#emitUnit(value);
        return;
      }
    }
  }

  /** A UTF-16 unit: half of a pair waits for the other, and alone it is U+FFFD. */
  #emitUnit(unit: number): void {
    if (unit >= 0xdc00 && unit <= 0xdfff && this.#highSurrogate !== 0) {
      const high = this.#highSurrogate;
      this.#highSurrogate = 0;
      this.#emitCodePoint(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      return;
    }
    this.#endSurrogate();
    if (unit >= 0xd800 && unit <= 0xdbff) this.#highSurrogate = unit;
    else this.#emitCodePoint(unit >= 0xdc00 && unit <= 0xdfff ? 0xfffd : unit);
  }

  #endSurrogate(): void {
    if (this.#highSurrogate === 0) return;
    this.#highSurrogate = 0;
    this.#emitCodePoint(0xfffd);
  }

  #emitCodePoint(point: number): void {
    if (point < 0x80) return this.#emit(point);
    if (point < 0x800) {
      this.#emit(0xc0 | (point >> 6));
    } else {
      if (point < 0x10000) {
        this.#emit(0xe0 | (point >> 12));
      } else {
        this.#emit(0xf0 | (point >> 18));
        this.#emit(0x80 | ((point >> 12) & 0x3f));
      }
      this.#emit(0x80 | ((point >> 6) & 0x3f));
    }
    this.#emit(0x80 | (point & 0x3f));
  }

  #emit(byte: number): void {
    this.#out[this.#outLength++] = byte;
  }

  #push(byte: number): void {
    if (this.#frameLength === MAX_FRAME_BYTES) {
      throw new HttpError(400, "The body has too much beside html");
    }
    if (this.#frameLength === this.#frame.length) {
      const larger = new Uint8Array(2 * this.#frameLength);
      larger.set(this.#frame);
      this.#frame = larger;
    }
    this.#frame[this.#frameLength++] = byte;
  }
}

const IN_TEXT: InHtml = { at: "text" };
const BEHIND_BACKSLASH: InHtml = { at: "escape" };

/** Whether a byte of a string stands for itself. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH;
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}

function notJson(): HttpError {
  return new HttpError(400, "The body is not JSON of the form {html}");
}

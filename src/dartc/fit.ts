import { FRAME_OVERHEAD_BYTES, MAX_SENT_FRAME_BYTES } from "./limits.ts";
import { isHighSurrogate, isLowSurrogate, utf8Length } from "./utf8_length.ts";

/** How many bytes of a sent frame a payload may fill. */
export const PAYLOAD_BYTES = MAX_SENT_FRAME_BYTES - FRAME_OVERHEAD_BYTES;

/** The newest items, of a list that is oldest first, whose JSON texts fit so many bytes together. */
export function newestThatFit<T>(items: readonly T[], bytes: number): T[] {
  let used = 0;
  let from = items.length;
  while (from > 0) {
    used += utf8Length(JSON.stringify(items[from - 1])) + 1; // and a comma
    if (used > bytes) break;
    from--;
  }
  return items.slice(from);
}

/**
 * A text in pieces that each take at most so many bytes as a JSON string; no piece ends within a
 * character. Together they are the text.
 */
export function splitText(text: string, bytes: number): string[] {
  if (text.length * 6 <= bytes) return [text]; // six bytes, \u0000, is the most that one unit takes
  const pieces: string[] = [];
  let start = 0;
  let used = 0;
  for (let i = 0; i < text.length;) {
    const units = isPairAt(text, i) ? 2 : 1;
    const cost = jsonBytes(text, i, units);
    if (used + cost > bytes && i > start) {
      pieces.push(text.slice(start, i));
      start = i;
      used = 0;
    }
    used += cost;
    i += units;
  }
  pieces.push(text.slice(start));
  return pieces;
}

function isPairAt(text: string, at: number): boolean {
  return isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1));
}

/** The UTF-8 bytes of one character inside a JSON string, as `JSON.stringify` prints it. */
function jsonBytes(text: string, at: number, units: 1 | 2): number {
  if (units === 2) return 4;
  const unit = text.charCodeAt(at);
  if (unit < 0x20 || isHighSurrogate(unit) || isLowSurrogate(unit)) return 6;
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 3;
}

import { isBoolean, isFiniteNumber, isObject, isString, type JsonObject } from "../base/mod.ts";
import { inCanonicalOrder } from "./canonical.ts";
import { DartcError } from "./error_code.ts";
import type { Frame } from "./frame.ts";
import { DARTC_VERSION, MAX_FRAME_BYTES } from "./limits.ts";
import { isLongerThan } from "./utf8_length.ts";

/**
 * The frame that a text message holds: check 1 of dartc.md, "What a receiver checks on every frame".
 * Its members are in canonical order. The signature is not verified here.
 *
 * Throws {@linkcode DartcError} `invalid_frame`.
 */
export function parseFrame(text: string): Frame {
  if (isLongerThan(text, MAX_FRAME_BYTES)) {
    throw invalid(`it is larger than ${MAX_FRAME_BYTES} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DartcError("invalid_frame", "Cannot read the frame: it is not JSON", { cause });
  }
  return readFrame(value);
}

/** The same for a frame that is an object already. */
export function readFrame(value: unknown): Frame {
  if (!isObject(value)) throw invalid("it is not a JSON object");
  const frame = inCanonicalOrder(value);
  const wrong = wrongMember(frame as JsonObject); // an object in another order is still an object
  if (wrong !== undefined) throw invalid(`its ${wrong}`);
  return frame as Frame; // every member was just checked
}

function wrongMember(frame: JsonObject): string | undefined {
  if (frame.version !== DARTC_VERSION) return `version is not "${DARTC_VERSION}"`;
  for (const name of ["msg_id", "from", "to", "topic", "signature"]) {
    if (!isString(frame[name])) return `${name} is not a string`;
  }
  if (!isFiniteNumber(frame.timestamp)) return "timestamp is not a finite number";
  return frame.dartc === undefined ? undefined : wrongMeta(frame.dartc);
}

const META: Readonly<Record<string, (value: unknown) => boolean>> = {
  stream: isBoolean,
  chunk_id: isFiniteNumber,
  is_final: isBoolean,
  priority: (value) => value === "low" || value === "normal" || value === "high",
  requires_ack: isBoolean,
  ack_for: isString,
};

function wrongMeta(meta: unknown): string | undefined {
  if (!isObject(meta)) return "dartc is not an object";
  for (const name of Object.keys(meta)) {
    // Own members only: a member named `constructor` is unknown, and so ignored.
    const check = Object.hasOwn(META, name) ? META[name] : undefined;
    if (check !== undefined && meta[name] !== undefined && !check(meta[name])) {
      return `dartc.${name} is of another type`;
    }
  }
  return undefined;
}

function invalid(why: string): DartcError {
  return new DartcError("invalid_frame", `Cannot read the frame: ${why}`);
}

import { fromBase64, fromHex, isHex, type MaybePromise, utf8Encode } from "../base/mod.ts";
import { defaultEd25519, type Ed25519, type VerifyingKey } from "../core/mod.ts";
import { DartcError } from "./error_code.ts";
import type { Frame } from "./frame.ts";
import { orElse } from "./maybe.ts";
import { parseFrame, readFrame } from "./parse_frame.ts";

/** 64 bytes in standard base64: 86 digits, the last of which has four bits that must be 0. */
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

/**
 * Checks the shape and the signature of one frame: checks 1 and 2 of dartc.md, "What a receiver
 * checks on every frame".
 *
 * @param frame the text message, or the object that it holds
 * @param publicKeyHex the sender's key, 64 lower-case hex digits
 * @returns the frame, its members in canonical order
 *
 * Rejects with {@linkcode DartcError}: `bad_signature`, or `invalid_frame` for everything else.
 *
 * @example
 * ```ts
 * import { verifyFrame } from "./mod.ts";
 *
 * const refused = await verifyFrame("{}", "ab".repeat(32)).catch((error) => error.code);
 * if (refused !== "invalid_frame") throw new Error(refused);
 * ```
 */
export async function verifyFrame(
  frame: string | object,
  publicKeyHex: string,
  ed25519?: Ed25519,
): Promise<Frame> {
  const read = typeof frame === "string" ? parseFrame(frame) : readFrame(frame);
  const key = await verifyingKeyOf(publicKeyHex, ed25519 ?? await defaultEd25519());
  if (key === undefined || !(await signatureHolds(read, key))) throw badSignature();
  return read;
}

/** The key of those hex digits, or undefined where they are no key that can be trusted. */
export function verifyingKeyOf(
  publicKeyHex: string,
  ed25519: Ed25519,
): MaybePromise<VerifyingKey | undefined> {
  if (!isHex(publicKeyHex, 32)) return undefined;
  return orElse<VerifyingKey | undefined>(
    () => ed25519.verifyingKey(fromHex(publicKeyHex)),
    () => undefined,
  );
}

/** Whether the signature of a frame that {@linkcode parseFrame} read is this key's. */
export function signatureHolds(frame: Frame, key: VerifyingKey): MaybePromise<boolean> {
  const { signature, ...unsigned } = frame;
  if (!SIGNATURE.test(signature)) return false;
  return key.verify(utf8Encode(JSON.stringify(unsigned)), fromBase64(signature));
}

/** A frame whose signature is not the peer's. */
export function badSignature(): DartcError {
  return new DartcError(
    "bad_signature",
    "Cannot accept the frame: its signature is not the peer's",
  );
}

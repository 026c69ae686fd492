import {
  CodedError,
  fromHex,
  isHex,
  type MaybePromise,
  toBase64,
  utf8Encode,
} from "../base/mod.ts";
import { defaultEd25519, type SigningKey } from "../core/mod.ts";
import { inCanonicalOrder } from "./canonical.ts";
import type { Frame, UnsignedFrame } from "./frame.ts";
import { andThen } from "./maybe.ts";
import { readFrame } from "./parse_frame.ts";

/** How many bytes a signature adds to the signing text: `,"signature":"…"`. */
export const SIGNATURE_BYTES = `,"signature":""`.length + 88;

/**
 * A frame with its signature.
 *
 * `key` is a signing key, or the hex of its 32-byte seed. Rejects with `invalid_frame` when the
 * result would be refused by whoever reads it, with `bad_key` when the seed is none.
 *
 * @example
 * ```ts
 * import { toHex } from "../base/mod.ts";
 * import { defaultEd25519 } from "../core/mod.ts";
 * import { signFrame, verifyFrame } from "./mod.ts";
 *
 * const key = await (await defaultEd25519()).generate();
 * const frame = await signFrame({
 *   version: "0.2",
 *   msg_id: "1",
 *   from: `visitor:${toHex(key.publicKey)}`,
 *   to: "*",
 *   topic: "orders.created",
 *   timestamp: 1_770_000_000_000,
 *   payload: { item: "tea" },
 * }, key);
 * await verifyFrame(JSON.stringify(frame), toHex(key.publicKey));
 * ```
 */
export async function signFrame(frame: UnsignedFrame, key: SigningKey | string): Promise<Frame> {
  const signing = typeof key === "string" ? await signingKeyOf(key) : key;
  const { signature: _, ...unsigned } = readFrame({ ...frame, signature: "" });
  const signature = await signing.sign(utf8Encode(JSON.stringify(unsigned)));
  return { ...unsigned, signature: toBase64(signature) };
}

/** The canonical text of a frame that is to be sent, before it is signed. */
export function unsignedText(frame: UnsignedFrame): string {
  return JSON.stringify(inCanonicalOrder(frame));
}

/**
 * The text message of a frame, of its signing text and that text's bytes: the signature is put in
 * at the end, so that a frame is serialised once.
 */
export function signedText(
  text: string,
  bytes: Uint8Array,
  key: SigningKey,
): MaybePromise<string> {
  return andThen(
    key.sign(bytes),
    (signature) => `${text.slice(0, -1)},"signature":"${toBase64(signature)}"}`,
  );
}

async function signingKeyOf(seedHex: string): Promise<SigningKey> {
  if (!isHex(seedHex, 32)) {
    throw new CodedError("bad_key", "Cannot sign the frame: the key is not 64 hex digits");
  }
  return (await defaultEd25519()).signingKey(fromHex(seedHex));
}

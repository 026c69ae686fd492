/** How a frame is to be treated on its way (dartc.md, "Frame"). */
export interface DartcMeta {
  /** It is a piece of a stream. */
  stream?: boolean;
  /** Its place in that stream, from 1. */
  chunk_id?: number;
  /** It is the last of its kind in that stream. */
  is_final?: boolean;
  priority?: "low" | "normal" | "high";
  /** The sender wants a `dartc.ack`. */
  requires_ack?: boolean;
  /** The `msg_id` that this frame acknowledges. */
  ack_for?: string;
}

/** One signed message of DARTC v0.2 (dartc.md, "Frame"). Unknown members are kept: they are signed. */
export interface Frame {
  version: "0.2";
  /** Unique in its session; UUIDv7 from us. */
  msg_id: string;
  from: string;
  to: string;
  topic: string;
  /** Unix milliseconds. */
  timestamp: number;
  /** Base64 of the 64-byte Ed25519 signature over the frame's signing text. */
  signature: string;
  dartc?: DartcMeta;
  a2a?: unknown;
  payload?: unknown;
}

/** A frame that is not signed yet. */
export type UnsignedFrame = Omit<Frame, "signature">;

import { CodedError, type CodedErrorOptions } from "../base/mod.ts";

/** The codes of `dartc.error` (dartc.md, "Topics"). */
export type DartcErrorCode =
  | "invalid_frame"
  | "bad_signature"
  | "wrong_recipient"
  | "stale_frame"
  | "replayed_frame"
  | "rate_limited"
  | "pod_mismatch"
  | "manifest_rejected"
  | "owner_mismatch"
  | "bad_chat_request"
  | "unsupported_topic"
  | "chat_failed"
  | "model_unavailable"
  | "cancelled"
  | "shutting_down";

/** A {@linkcode CodedError} whose code is one of the wire's. */
export class DartcError extends CodedError {
  override readonly name = "DartcError";
  /** The code, as `dartc.error` carries it. */
  declare readonly code: DartcErrorCode;

  constructor(code: DartcErrorCode, message: string, options: CodedErrorOptions = {}) {
    super(code, message, options);
  }
}

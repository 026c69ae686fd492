/** Options of {@linkcode CodedError}. */
export interface CodedErrorOptions {
  /** What went wrong underneath; kept for the log, never shown to a peer. */
  cause?: unknown;
}

/**
 * An error that a program can act on by its `code` and a person by its `message`.
 *
 * `message` is a sentence for the person who can do something about it. It never holds a secret,
 * an SDP or the text of a message.
 *
 * @example
 * ```ts
 * import { CodedError } from "./coded_error.ts";
 *
 * const error = new CodedError("bad_key", "Cannot read the key: it has 31 bytes, expected 32");
 * if (error.code !== "bad_key") throw error;
 * ```
 */
export class CodedError extends Error {
  override readonly name: string = "CodedError";
  /** What happened, in one lower-case word; stable. */
  readonly code: string;

  constructor(code: string, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}

/** The message of anything that was thrown, for a log line. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * What was thrown as a {@linkcode CodedError}: itself where it is one, else one of this code.
 *
 * @param message a sentence for people; the thrown error's own where none is given
 */
export function asCodedError(
  thrown: unknown,
  code: string,
  message: string = errorMessage(thrown),
): CodedError {
  return thrown instanceof CodedError ? thrown : new CodedError(code, message, { cause: thrown });
}

import { CodedError } from "../../../src/base/mod.ts";

/**
 * A request to the Host that failed. `unreachable`: no Host answers; `refused`: it answered with an
 * error, whose sentence is the message.
 */
export class ApiFailure extends CodedError {
  /** The HTTP status; 0 where nobody answered. */
  readonly status: number;
  /** What is wrong with a pod folder, one sentence each. */
  readonly issues: readonly string[];

  constructor(
    status: number,
    message: string,
    options: { issues?: readonly string[]; cause?: unknown } = {},
  ) {
    super(status === 0 ? "unreachable" : "refused", message, { cause: options.cause });
    this.status = status;
    this.issues = options.issues ?? [];
  }
}

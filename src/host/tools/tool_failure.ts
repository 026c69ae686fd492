import { CodedError, errorMessage } from "../../base/mod.ts";

/** A tool call that gave no result. `message` is for the model, which may repeat it to a visitor. */
export class ToolFailure extends CodedError {
  declare readonly code: "failed" | "timed_out" | "bad_arguments" | "not_offered";
  /** For the owner's log. */
  readonly reason: string;

  constructor(
    code: "failed" | "timed_out" | "bad_arguments" | "not_offered",
    message: string,
    options: { reason?: string; cause?: unknown } = {},
  ) {
    super(code, message, { cause: options.cause });
    this.reason = options.reason ?? message;
  }
}

/** The most characters of an owner's own words that a model is told. */
const MAX_TOLD_CHARS = 300;

/**
 * What a tool threw, as the model may hear it: the first line of an error that says something on
 * purpose (`new Error("no such city")`, a `CodedError`), and of any other only that the tool
 * failed, because the message of a `NotFound` holds a path, and that of a failed `fetch` an address
 * with its keys.
 */
export function toolFailure(name: string, thrown: unknown): ToolFailure {
  if (thrown instanceof ToolFailure) return thrown;
  const reason = errorMessage(thrown);
  const onPurpose = thrown instanceof CodedError ||
    (thrown instanceof Error && Object.getPrototypeOf(thrown) === Error.prototype &&
      thrown.name === "Error" && !("code" in thrown));
  const [told = ""] = onPurpose ? reason.split("\n") : [];
  const message = told.trim() === "" ? `The tool ${name} failed.` : told.slice(0, MAX_TOLD_CHARS);
  return new ToolFailure("failed", message, { reason, cause: thrown });
}

import type { Logger } from "../../base/mod.ts";

/**
 * How a tool call ended. `bad_arguments`: not JSON, or not what the tool's schema wants, so that it
 * was not called; `not_offered`: there is no tool of that name for this visitor.
 */
export type ToolOutcome =
  | "ok"
  | "failed"
  | "timed_out"
  | "cancelled"
  | "bad_arguments"
  | "not_offered";

/** One tool call, without a word of what it was about. */
export interface ToolReport {
  readonly name: string;
  readonly toolCallId: string;
  readonly outcome: ToolOutcome;
  /** Bytes of the JSON of its arguments. */
  readonly argumentBytes: number;
  /** Bytes of its result as the model reads it. */
  readonly resultBytes: number;
  readonly durationMs: number;
  /** Why it failed, for the owner alone. */
  readonly reason?: string;
}

/** A model may make a name up; longer ones than any tool has are cut in logs. */
const MAX_LOGGED_NAME = 64;

/** Writes the line of a tool call (host.md, "Tools"). */
export function logToolCall(log: Logger, report: ToolReport): void {
  const { name, outcome, argumentBytes, resultBytes, durationMs, reason } = report;
  const fields = {
    tool: name.slice(0, MAX_LOGGED_NAME),
    outcome,
    argument_bytes: argumentBytes,
    result_bytes: resultBytes,
    ms: Math.round(durationMs),
    ...(reason === undefined ? {} : { reason }),
  };
  if (outcome === "ok" || outcome === "cancelled") log.info("tool.call", fields);
  else log.warn("tool.call", fields);
}

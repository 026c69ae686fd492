import { CodedError } from "../base/mod.ts";

/** One thing in a `pod.toml` that is wrong, or that nobody will read. */
export interface PodTomlIssue {
  /** Where in the document: `transport.dartc.pod_id`, `tools[1].name`; empty for the whole file. */
  readonly key: string;
  /** From 1; the line of the table around it where the key itself is missing. */
  readonly line: number;
  /** From 1; only where the text is not TOML. */
  readonly column?: number;
  /** What stands there, short and on one line. */
  readonly found: string;
  /** What should. */
  readonly expected: string;
  /** What was probably meant. */
  readonly hint?: string;
  /** All of it as one line, which begins with the file's name and the line. */
  readonly message: string;
}

/** A {@linkcode PodTomlIssue} before its line is written. */
export type IssueParts = Omit<PodTomlIssue, "message">;

/** The issue with its message. */
export function issueOf(file: string, parts: IssueParts): PodTomlIssue {
  const { key, line, column, found, expected, hint } = parts;
  const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
  const subject = key === "" ? "" : `${key}: `;
  const after = hint === undefined ? "" : ` (${hint})`;
  return { ...parts, message: `${place}: ${subject}found ${found}, expected ${expected}${after}` };
}

/**
 * A `pod.toml` that cannot be used, with everything that is wrong with it. `code` is
 * `invalid_pod_toml`; the message is for the owner, one line an issue.
 */
export class PodTomlError extends CodedError {
  override readonly name: string = "PodTomlError";
  /** All that is wrong, in the order of the file. At least one. */
  readonly issues: readonly PodTomlIssue[];
  /** Keys that nobody reads; one of them may be a missing key, misspelt. */
  readonly warnings: readonly PodTomlIssue[];

  constructor(
    file: string,
    issues: readonly PodTomlIssue[],
    warnings: readonly PodTomlIssue[],
    options: { cause?: unknown } = {},
  ) {
    const count = issues.length === 1 ? "1 mistake" : `${issues.length} mistakes`;
    const lines = [...issues, ...warnings].map((issue) => `  ${issue.message}`);
    super("invalid_pod_toml", `Cannot use ${file}: ${count}\n${lines.join("\n")}`, options);
    this.issues = issues;
    this.warnings = warnings;
  }
}

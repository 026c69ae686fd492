import { parseToml, TomlError } from "../base/mod.ts";
import { DEFAULT_SIGNAL_URL, type TransportName } from "./manifest.ts";
import { slugOf } from "./pod_id.ts";
import type { PodToml, PodTomlDartc } from "./pod_toml.ts";
import { issueOf, PodTomlError, type PodTomlIssue } from "./pod_toml_issue.ts";
import { brokenRules } from "./pod_toml_rules.ts";
import { type PodTomlDocument, podTomlSchema } from "./pod_toml_schema.ts";
import { shown } from "./shape.ts";
import { tomlLines, type TomlPath } from "./toml_lines.ts";
import { unknownKeys } from "./unknown_keys.ts";

/** The most characters of a `pod.toml`: many times what a manifest can carry. */
const MAX_POD_TOML_CHARS = 256 * 1024;

/** What {@linkcode parsePodToml} gives. */
export interface ParsedPodToml {
  readonly pod: PodToml;
  /** Keys that nobody reads, with the names that were probably meant. */
  readonly warnings: readonly PodTomlIssue[];
}

/** Options of {@linkcode parsePodToml}. */
export interface ParsePodTomlOptions {
  /**
   * How messages name the file.
   * @default "pod.toml"
   */
  file?: string;
}

/**
 * Reads the text of a `pod.toml` (manifest.md, "pod.toml").
 *
 * Throws {@linkcode PodTomlError} with all that is wrong at once; of a text that is not TOML, the
 * first place where it is not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePodToml } from "./mod.ts";
 *
 * const { pod, warnings } = parsePodToml(`
 * name = "Ada's card"
 * system_prompt = "You answer for Ada."
 * modle = "gemma4:e4b"
 * [transport.dartc]
 * pod_id = "ada"
 * `);
 * assert.equal(pod.id, "ada");
 * assert.equal(warnings[0]?.hint, "did you mean model?");
 * ```
 */
export function parsePodToml(text: string, options: ParsePodTomlOptions = {}): ParsedPodToml {
  const { file = "pod.toml" } = options;
  const toml = text.replace(/^\ufeff/, ""); // some editors begin a file with a byte order mark
  const document = documentOf(toml, file);
  const lines = tomlLines(toml);

  const warnings = unknownKeys(podTomlSchema, document).map(({ path, known, hint }) =>
    issueOf(file, {
      key: keyOf(path),
      line: lines.lineOf(path),
      found: "an unknown key",
      expected: `one of ${known.join(", ")}`,
      ...(hint === undefined ? {} : { hint }),
    })
  );

  const issues = brokenRules(document).map(({ path, ...parts }) =>
    issueOf(file, { key: keyOf(path), line: lines.lineOf(path), ...parts })
  );
  const parsed = podTomlSchema.safeParse(document);
  for (const { path: zodPath, message: expected } of parsed.error?.issues ?? []) {
    const path = zodPath.map((step) => typeof step === "number" ? step : String(step));
    const found = shown(valueAt(document, path)).replace(/^an object$/, "a table"); // TOML's word
    issues.push(issueOf(file, { key: keyOf(path), line: lines.lineOf(path), found, expected }));
  }
  if (parsed.data === undefined || issues.length > 0) {
    throw new PodTomlError(file, issues.sort((a, b) => a.line - b.line), warnings);
  }
  return { pod: podOf(parsed.data), warnings };
}

function documentOf(toml: string, file: string): Readonly<Record<string, unknown>> {
  if (toml.length > MAX_POD_TOML_CHARS) {
    const found = `${toml.length} characters`;
    const expected = `at most ${MAX_POD_TOML_CHARS}`;
    throw new PodTomlError(file, [issueOf(file, { key: "", line: 1, found, expected })], []);
  }
  try {
    return parseToml(toml);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const { line, column } = cause;
    const reason = cause.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "");
    const found = `text that is not TOML: ${reason}`;
    const issue = issueOf(file, { key: "", line, column, found, expected: "TOML 1.0" });
    throw new PodTomlError(file, [issue], [], { cause });
  }
}

/** Defaults filled in, old names replaced. */
function podOf(document: PodTomlDocument): PodToml {
  const { id, transport, ...rest } = document;
  const { preferred = ["dartc", "fallback"], dartc, webrtc, ...others } = transport;
  const rendezvous = dartc ?? webrtc;
  return {
    ...rest,
    id: id ?? rendezvous?.pod_id ?? slugOf(rest.name),
    transport: {
      preferred: [...new Set(preferred.map(currentName))],
      ...(rendezvous === undefined ? {} : { dartc: withSignalUrl(rendezvous) }),
      ...others,
    },
  };
}

function withSignalUrl(
  dartc: NonNullable<PodTomlDocument["transport"]["dartc"]>,
): PodTomlDartc {
  return { ...dartc, signal_url: dartc.signal_url ?? DEFAULT_SIGNAL_URL };
}

function currentName(name: TransportName | "webrtc"): TransportName {
  return name === "webrtc" ? "dartc" : name;
}

function valueAt(document: unknown, path: TomlPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Reflect.get(value, step);
  }
  return value;
}

/** A path as people write it: `tools[1].name`. */
function keyOf(path: TomlPath): string {
  return path.reduce<string>((key, step) => {
    if (typeof step === "number") return `${key}[${step}]`;
    const name = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
    return key === "" ? name : `${key}.${name}`;
  }, "");
}

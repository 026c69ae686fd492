/** How a page may travel: compressed, or as it is. Ours first, where a client likes all the same. */
const CODINGS = ["br", "gzip", "identity"] as const;

/** A content coding of RFC 9110, 8.4.1, that a broker serves. */
export type Coding = (typeof CODINGS)[number];

/**
 * The codings that a client takes, best first, from its `Accept-Encoding` (RFC 9110, 12.5.3). What
 * cannot be read is left out. Empty where it takes none of ours.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { acceptedCodings } from "./accept_encoding.ts";
 *
 * assert.deepEqual(acceptedCodings("gzip, deflate, br"), ["br", "gzip", "identity"]);
 * assert.deepEqual(acceptedCodings("br;q=0.5, gzip, identity;q=0"), ["gzip", "br"]);
 * assert.deepEqual(acceptedCodings(undefined), ["identity"]);
 * ```
 */
export function acceptedCodings(header: string | undefined): readonly Coding[] {
  const weights = new Map<string, number>();
  for (const element of header?.split(",") ?? []) {
    const [, name, weight = "1"] = ELEMENT.exec(element.toLowerCase()) ?? [];
    if (name !== undefined) weights.set(ALIASES.get(name) ?? name, Number(weight));
  }
  const rest = weights.get("*");
  const weightOf = (coding: Coding) =>
    weights.get(coding) ?? rest ?? (coding === "identity" ? LAST_RESORT : 0);
  return CODINGS.filter((coding) => weightOf(coding) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a)); // stable: ours decides between equals
}

/** One coding and its weight. */
const ELEMENT =
  /^[ \t]*([!#$%&'*+.^_`|~a-z0-9-]+)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/;

/** RFC 9110, 8.4.1.3. */
const ALIASES = new Map([["x-gzip", "gzip"]]);

/** Below every weight that can be written: what nobody refused is taken when there is nothing else. */
const LAST_RESORT = 0.0001;

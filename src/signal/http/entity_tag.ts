import type { Coding } from "./accept_encoding.ts";

/**
 * The validator of a page in one coding: strong (RFC 9110, 8.8.3), because the bytes of an id never
 * change, and another for each coding, because their bytes differ (8.8.3.3).
 *
 * @param sha256 of the page, as base64url
 */
export function etagOf(sha256: string, coding: Coding): string {
  return coding === "identity" ? `"${sha256}"` : `"${sha256}-${coding}"`;
}

/**
 * The first of these tags that `If-None-Match` names, by the weak comparison that it asks for
 * (RFC 9110, 13.1.2); undefined where the client has none of them.
 */
export function namedTag(
  tags: readonly string[],
  ifNoneMatch: string | undefined,
): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  if (ifNoneMatch.trim() === "*") return tags[0];
  // deno-lint-ignore no-control-regex -- etagc of RFC 9110, 8.8.3: anything but quotes and controls
  const named = new Set(ifNoneMatch.match(/"[^"\u0000-\u0020\u007f]*"/g));
  return tags.find((tag) => named.has(tag));
}

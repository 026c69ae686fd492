/** Schemes that a link of an answer may open. Everything else stays text. */
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** Longer addresses are not meant for people. */
const MAX_LENGTH = 2_048;

/**
 * The address of a link that a model wrote, normalised, when it is an absolute `http`, `https` or
 * `mailto` address; else undefined. The browser's own parser decides, so what it would run
 * (`java\nscript:`) is seen as it would be run.
 *
 * @example
 * ```ts
 * import { safeUrl } from "./safe_url.ts";
 *
 * if (safeUrl("https://example.org/a b") !== "https://example.org/a%20b") throw new Error("kept");
 * if (safeUrl("javascript:alert(1)") !== undefined) throw new Error("must not pass");
 * ```
 */
export function safeUrl(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    const url = new URL(text);
    return SCHEMES.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined; // relative, or no address at all
  }
}

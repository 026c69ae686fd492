/**
 * The custom properties that our style sheets keep to themselves. Those that embedders set,
 * `--gemmapod-…`, and those that a pod's look sets, `--pod-…`, are not among them.
 */
const OWN_PROPERTIES = [
  "accent",
  "accent-text",
  "background",
  "border",
  "bubble",
  "bubble-border",
  "code-font",
  "danger",
  "inset",
  "muted",
  "on-accent",
  "ready",
  "shadow",
  "surface",
  "text",
  "waiting",
];

/** Their names in a bundle. The underscore keeps them apart from a page's own. */
const SHORT = new Map(OWN_PROPERTIES.map((name, index) => [name, `_${index.toString(36)}`]));

/** A text, a custom property, or the space around a comma, in brackets and after a colon. */
const PIECES = /"[^"]*"|--([\w-]+)(: )?|\s*,\s+|\(\s+|\s+\)|(?<=\([\w-]+:) /g;

/**
 * A style sheet that esbuild has minified, smaller: esbuild leaves the names and the values of
 * custom properties as they are, and the spaces in conditions.
 */
export function smallStyle(style: string): string {
  return style.replace(PIECES, (piece, property?: string, colon?: string) => {
    if (piece.startsWith('"')) return piece;
    if (property !== undefined) return `--${SHORT.get(property) ?? property}${colon ? ":" : ""}`;
    return piece.trim();
  });
}

/** What a host must have, and what `:host` gives it where the page leaves it alone. */
const BOX = [["display", "block"], [
  "height",
  "var(--gemmapod-height, min(40rem, 100dvh))",
]] as const;

/**
 * Gives the widget's element a box again where the page's style sheet took it, by a reset of
 * everything with `!important`, say. Returns how to undo that.
 */
export function ownBox(host: HTMLElement): () => void {
  if (getComputedStyle(host).display !== "inline") return () => {};
  for (const [name, value] of BOX) host.style.setProperty(name, value, "important");
  return () => BOX.forEach(([name]) => host.style.removeProperty(name));
}

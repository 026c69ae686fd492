/**
 * A dark dress, and once more for those whose system prefers it, unless the page says otherwise.
 *
 * @param rules for `[data-theme=dark]`
 */
export function darkAlsoBySystem(rules: string): string {
  const bySystem = rules.replace(/\[data-theme="?dark"?\]/, ":not([data-theme=light])");
  return `${rules}@media (prefers-color-scheme: dark) { ${bySystem} }`;
}

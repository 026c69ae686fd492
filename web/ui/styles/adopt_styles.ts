import answer from "./answer.css" with { type: "text" };
import composer from "./composer.css" with { type: "text" };
import dark from "./dark.css" with { type: "text" };
import frame from "./frame.css" with { type: "text" };
import thread from "./thread.css" with { type: "text" };
import tokens from "./tokens.css" with { type: "text" };

/**
 * Gives a shadow root the widget's style. Constructed sheets need no `style-src` of the page's
 * content security policy, and the browser parses them once for all widgets.
 *
 * @returns a function that takes the style away
 */
export function adoptStyles(root: ShadowRoot): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens + dark + darkBySystem() + frame + thread + answer + composer);
  root.adoptedStyleSheets = [sheet];
  return () => root.adoptedStyleSheets = [];
}

/** The dark dress once more, for visitors whose system prefers it, unless the page says otherwise. */
function darkBySystem(): string {
  const rules = dark.replace(/\[data-theme="?dark"?\]/, ":not([data-theme=light])");
  return `@media (prefers-color-scheme: dark) { ${rules} }`;
}

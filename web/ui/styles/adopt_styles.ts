import answer from "./answer.css" with { type: "text" };
import card from "./card.css" with { type: "text" };
import composer from "./composer.css" with { type: "text" };
import dark from "./dark.css" with { type: "text" };
import { darkAlsoBySystem } from "./dark_by_system.ts";
import frame from "./frame.css" with { type: "text" };
import launcher from "./launcher.css" with { type: "text" };
import media from "./media.css" with { type: "text" };
import shared from "./shared.css" with { type: "text" };
import sheet from "./sheet.css" with { type: "text" };
import thread from "./thread.css" with { type: "text" };
import tokens from "./tokens.css" with { type: "text" };

/**
 * Gives a shadow root the widget's style. Constructed sheets need no `style-src` of the page's
 * content security policy, and the browser parses them once for all widgets.
 *
 * @returns a function that takes the style away
 */
export function adoptStyles(root: ShadowRoot): () => void {
  const style = new CSSStyleSheet();
  style.replaceSync(
    tokens + darkAlsoBySystem(dark) + shared + frame + thread + answer + composer + card + sheet +
      launcher + media,
  );
  root.adoptedStyleSheets = [style];
  return () => root.adoptedStyleSheets = [];
}

import answer from "../../ui/styles/answer.css" with { type: "text" };
import { darkAlsoBySystem } from "../../ui/styles/dark_by_system.ts";
import shared from "../../ui/styles/shared.css" with { type: "text" };
import base from "./base.css" with { type: "text" };
import dark from "./dark.css" with { type: "text" };
import dialog from "./dialog.css" with { type: "text" };
import layout from "./layout.css" with { type: "text" };
import lists from "./lists.css" with { type: "text" };
import overview from "./overview.css" with { type: "text" };
import pod from "./pod.css" with { type: "text" };
import thread from "./thread.css" with { type: "text" };
import tokens from "./tokens.css" with { type: "text" };

/** Gives the page its style: answers look as they do in the widget. */
export function adoptStyles(page: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    tokens + darkAlsoBySystem(dark) + shared + answer + base + lists + overview + pod + thread +
      dialog + layout,
  );
  page.adoptedStyleSheets = [sheet];
}

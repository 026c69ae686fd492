import {
  BLOCKQUOTE,
  CHECKBOX,
  CODE_INLINE,
  EQUATION_BLOCK,
  EQUATION_INLINE,
  HEADING_1,
  HEADING_6,
  ITALIC_AST,
  ITALIC_UND,
  LINE_BREAK,
  LIST_ITEM,
  LIST_ORDERED,
  LIST_UNORDERED,
  PARAGRAPH,
  RULE,
  STRIKE,
  STRONG_AST,
  STRONG_UND,
} from "streaming-markdown";

const TAGS: Readonly<Record<number, string>> = {
  [BLOCKQUOTE]: "blockquote",
  [PARAGRAPH]: "p",
  [LINE_BREAK]: "br",
  [RULE]: "hr",
  [ITALIC_AST]: "em",
  [ITALIC_UND]: "em",
  [STRONG_AST]: "strong",
  [STRONG_UND]: "strong",
  [STRIKE]: "s",
  [CODE_INLINE]: "code",
  [LIST_UNORDERED]: "ul",
  [LIST_ORDERED]: "ol",
  [LIST_ITEM]: "li",
  [EQUATION_BLOCK]: "div",
  [EQUATION_INLINE]: "span",
};

/** Blocks that find their own direction, as one answer may mix scripts; items follow their list. */
const DIRECTED: ReadonlySet<number> = new Set([PARAGRAPH, LIST_UNORDERED, LIST_ORDERED]);

/** Boxes of a task list, as text: read out, copied and sized like text. */
export const [UNCHECKED, CHECKED] = ["☐", "☑"] as const;

/** An element that goes into the page, and the one inside it that takes what follows. */
export interface Placed {
  outer: Element;
  inner: Element;
  /** Where `outer` goes, when not into the element that is open. */
  into?: Element;
}

/** A new element with its attributes. */
export function element(tag: string, attributes: Readonly<Record<string, string>> = {}): Element {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/**
 * The element for a token that needs no more than one.
 *
 * @param topHeading the level of the answer's first headings, below the page's own
 */
export function plainNode(token: number, topHeading: number): Placed {
  const heading = token >= HEADING_1 && token <= HEADING_6;
  const tag = heading ? `h${Math.min(6, token - HEADING_1 + topHeading)}` : TAGS[token] ?? "span";
  const made = element(tag);
  if (token === EQUATION_BLOCK || token === EQUATION_INLINE) made.className = "math";
  else if (token === CHECKBOX) made.textContent = UNCHECKED;
  else if (heading || DIRECTED.has(token)) made.setAttribute("dir", "auto");
  return { outer: made, inner: made };
}

/** A block of code: its language and a Copy button above, scrolling sideways by itself. */
export function codeBlock(copyLabel: string): Placed {
  const outer = element("div", { class: "code", part: "code", dir: "ltr" });
  const head = element("div", { class: "code-head" });
  const copy = element("button", { type: "button", class: "copy-code", "data-copy": "code" });
  copy.textContent = copyLabel;
  head.append(element("span", { class: "code-language" }), copy);
  const pre = element("pre", { tabindex: "0" });
  const inner = element("code");
  pre.append(inner);
  outer.append(head, pre);
  return { outer, inner };
}

/** A table in a box that scrolls sideways, so that the page never does. */
export function table(): Placed {
  const outer = element("div", { class: "table", tabindex: "0" });
  const inner = element("table");
  outer.append(inner);
  return { outer, inner };
}

/** A row: of the table's head where it is the first, of its body else. */
export function tableRow(parent: Element): Placed {
  const inner = element("tr");
  if (parent.localName !== "table") return { outer: inner, inner }; // too deep to be in a table
  const [head, body] = parent.children;
  if (body !== undefined) return { outer: inner, inner, into: body };
  const outer = element(head === undefined ? "thead" : "tbody");
  outer.append(inner);
  return { outer, inner };
}

/** A cell: a heading in the head's row. */
export function tableCell(parent: Element): Placed {
  const inner = element(parent.parentElement?.localName === "thead" ? "th" : "td", { dir: "auto" });
  return { outer: inner, inner };
}

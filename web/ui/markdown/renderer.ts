import {
  CHECKBOX,
  CODE_BLOCK,
  CODE_FENCE,
  EQUATION_INLINE,
  IMAGE,
  LINE_BREAK,
  LINK,
  PARAGRAPH,
  RAW_URL,
  TABLE,
  TABLE_CELL,
  TABLE_ROW,
} from "streaming-markdown";
import {
  CHECKED,
  codeBlock,
  element,
  type Placed,
  plainNode,
  table,
  tableCell,
  tableRow,
} from "./nodes.ts";
import { safeUrl } from "./safe_url.ts";

/** Attribute kinds of the parser. */
const ATTRIBUTE = { href: 1, src: 2, lang: 4, checked: 8, start: 16 } as const;

/** Deeper nesting than people write; what goes deeper is shown flat. */
const MAX_DEPTH = 20;

/** A text node is left alone from this length on, so that adding to it stays cheap. */
const LONG_TEXT = 4_096;

/** A paragraph of so many nodes goes on in another at its next line break. */
const LONG_PARAGRAPH = 200;

/** Punctuation that ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'"*_]+$/;

interface Open {
  token: number;
  node: Element;
  /** Set when a link got an address: a good one, or one that we do not open. */
  linked: boolean;
}

/** What depends on where an answer stands. */
export interface MarkdownLook {
  /** What the button above a block of code says. */
  copyLabel: string;
  /** The level of an answer's first headings, below the page's own. */
  topHeading: number;
}

/** Builds the page's nodes as the parser finds tokens; never from a string of HTML. */
export class NodeRenderer {
  readonly #open: Open[];
  readonly #look: MarkdownLook;

  constructor(root: Element, look: MarkdownLook) {
    this.#open = [{ token: 0, node: root, linked: false }];
    this.#look = look;
  }

  /**
   * A token begins.
   *
   * @param mark the characters that began it, as the parser holds them
   */
  begin(token: number, mark: string): void {
    const continued = token === LINE_BREAK && this.#continueParagraph();
    const parent = this.#top().node;
    if (continued || this.#open.length > MAX_DEPTH) {
      this.#open.push({ token: 0, node: parent, linked: false });
      return;
    }
    if (token === CHECKBOX) parent.classList.add("task");
    const placed = this.#place(token, parent);
    (placed.into ?? parent).append(placed.outer);
    this.#open.push({ token, node: placed.inner, linked: false });
    // Formulas are shown as they were written: there is no typesetting here.
    if (token === EQUATION_INLINE) this.text(mark[0] === "\\" ? "\\(" : "$");
  }

  /**
   * The innermost token ends.
   *
   * @param mark the characters that ended it, as the parser holds them
   */
  end(mark: string): void {
    if (this.#open.length === 1) return;
    const { token, node, linked } = this.#top();
    if (token === EQUATION_INLINE && mark !== "") this.text(mark[0] === "\\" ? "\\)" : "$");
    this.#open.pop();
    if (token === RAW_URL) trimAddress(node);
    if ((token === LINK || token === IMAGE) && !linked) {
      // Not a link after all: a footnote's [1], or a bracket that nothing closed.
      node.prepend(token === IMAGE ? "![" : "[");
      if (mark === "]") node.append("]");
    }
  }

  /** Text for the innermost token. */
  text(text: string): void {
    const node = this.#top().node;
    const last = node.lastChild;
    if (last instanceof Text && last.length < LONG_TEXT) last.appendData(text);
    else node.append(text);
  }

  /** Something about the innermost token: an address, a language, a number. */
  attribute(kind: number, value: string): void {
    const top = this.#top();
    switch (kind) {
      case ATTRIBUTE.href:
      case ATTRIBUTE.src:
        top.linked = true;
        top.node = link(top.node, value, kind === ATTRIBUTE.src);
        break;
      case ATTRIBUTE.lang: {
        const label = top.node.closest(".code")?.querySelector(".code-language");
        if (label) label.textContent = value.trim();
        break;
      }
      case ATTRIBUTE.checked:
        top.node.textContent = CHECKED;
        break;
      case ATTRIBUTE.start:
        if (/^\d{1,9}$/.test(value)) top.node.setAttribute("start", value);
        break;
    }
  }

  /** Ends whatever is open. */
  endAll(): void {
    while (this.#open.length > 1) this.end("");
  }

  /** Goes on in a new paragraph at a line break, where the browser would lay out too many anew. */
  #continueParagraph(): boolean {
    const top = this.#top();
    if (top.token !== PARAGRAPH || top.node.childNodes.length < LONG_PARAGRAPH) return false;
    const next = element("p", { class: "continued", dir: "auto" });
    top.node.after(next);
    top.node = next;
    return true;
  }

  #top(): Open {
    // The root is never popped.
    return this.#open[this.#open.length - 1] as Open;
  }

  #place(token: number, parent: Element): Placed {
    switch (token) {
      case CODE_BLOCK:
      case CODE_FENCE:
        return codeBlock(this.#look.copyLabel);
      case TABLE:
        return table();
      case TABLE_ROW:
        return tableRow(parent);
      case TABLE_CELL:
        return tableCell(parent);
      default:
        return plainNode(token, this.#look.topHeading);
    }
  }
}

/** Makes a link of what stood in its brackets. A picture becomes a link to it: we load nothing. */
function link(node: Element, address: string, isPicture: boolean): Element {
  const href = safeUrl(address);
  if (href === undefined) return node;
  const anchor = element("a", { href, target: "_blank", rel: "noopener noreferrer" });
  if (isPicture) anchor.className = "picture";
  anchor.append(...node.childNodes);
  if (isPicture && anchor.textContent === "") anchor.append(new URL(href).hostname || href);
  node.replaceWith(anchor);
  return anchor;
}

/** Gives the full stop after a bare address back to the sentence. */
function trimAddress(anchor: Element): void {
  const text = anchor.textContent ?? "";
  let kept = text.replace(TRAILING, "");
  if (kept.endsWith(")") && !kept.includes("(")) kept = kept.slice(0, -1).replace(TRAILING, "");
  if (kept === text) return;
  const href = safeUrl(kept);
  anchor.textContent = kept;
  if (href !== undefined && anchor.localName === "a") anchor.setAttribute("href", href);
  anchor.after(text.slice(kept.length));
}

import {
  CODE_BLOCK,
  CODE_FENCE,
  CODE_INLINE,
  EQUATION_BLOCK,
  EQUATION_INLINE,
  IMAGE,
  ITALIC_AST,
  ITALIC_UND,
  LINK,
  LIST_ITEM,
  MAYBE_URL,
  PARAGRAPH,
  type Parser,
  parser,
  parser_end,
  parser_write,
  RAW_URL,
  STRONG_AST,
  STRONG_UND,
} from "streaming-markdown";
import type { Paintable } from "../frame_painter.ts";
import { type MarkdownLook, NodeRenderer } from "./renderer.ts";

/** A text that grows at its end, and at some point is finished. */
export interface TextSource {
  readonly text: string;
  readonly finished: boolean;
}

/** Written in one go, in UTF-16 units: about a tenth of a frame's work. */
const SLICE = 1_024;

/**
 * What the parser holds back while it waits for the end of a mark. An address without an end would
 * make it slower with each character, so it is shown as text from here on.
 */
const MAX_PENDING = 2_048;

/** Where an underscore stands for itself. */
const LITERAL: ReadonlySet<number> = new Set([
  CODE_BLOCK,
  CODE_FENCE,
  CODE_INLINE,
  EQUATION_BLOCK,
  EQUATION_INLINE,
  MAYBE_URL,
  RAW_URL,
]);

/** Where letters are only text. */
const RUNNING: ReadonlySet<number> = new Set([
  PARAGRAPH,
  LIST_ITEM,
  ITALIC_AST,
  ITALIC_UND,
  STRONG_AST,
  STRONG_UND,
]);

const WORD = /[\p{L}\p{N}]/u;

/**
 * Shows Markdown while it arrives: nodes are added at the end, what stands is never touched again,
 * so a long answer costs no more per word than a short one.
 */
export class MarkdownView implements Paintable {
  readonly #root: Element;
  readonly #source: TextSource;
  readonly #onEnd: (() => void) | undefined;
  readonly #nodes: NodeRenderer;
  #parser: Parser;
  #at = 0;
  #ended = false;
  #broken = false;

  constructor(
    root: Element,
    source: TextSource,
    options: MarkdownLook & {
      /** Called once, when the text is finished and all of it is there. */
      onEnd?(): void;
    },
  ) {
    this.#root = root;
    this.#onEnd = options.onEnd;
    this.#source = source;
    this.#nodes = new NodeRenderer(root, options);
    this.#parser = this.#newParser();
  }

  /** @inheritdoc */
  paint(): boolean {
    const { text, finished } = this.#source;
    let end = Math.min(text.length, this.#at + SLICE);
    // Whether an underscore is part of a word is only known with the next character.
    if (end === text.length && !finished && text[end - 1] === "_") end -= 1;
    if (end > this.#at) {
      this.#write(text, end);
      this.#at = end;
    }
    if (finished && end === text.length && !this.#ended) this.#end();
    else if (end === text.length) this.#showHeldBack();
    return end < text.length && (finished || text.length - end > 1);
  }

  #newParser(): Parser {
    const nodes = this.#nodes;
    const made: Parser = parser({
      data: undefined,
      add_token: (_, token) => nodes.begin(token, made.pending),
      end_token: () => nodes.end(made.pending),
      add_text: (_, text) => nodes.text(text),
      set_attr: (_, kind, value) => nodes.attribute(kind, value),
    });
    return made;
  }

  #write(text: string, end: number): void {
    const part = text.slice(this.#at, end);
    if (this.#broken) {
      this.#nodes.text(part);
      return;
    }
    try {
      let from = 0;
      for (const { 0: mark, index } of part.matchAll(/[_\n]|(?<=\()h/g)) {
        this.#feed(part.slice(from, index));
        from = index;
        const at = this.#at + index;
        if (mark === "\n") {
          // The parser would let a lone dollar sign swallow the rest of the answer.
          if (this.#parser.token === EQUATION_INLINE) this.#closeFormula();
        } else if (mark === "h") {
          // The parser looks for an address behind a space alone, not behind a parenthesis.
          if (RUNNING.has(this.#parser.token)) this.#release();
        } else if (this.#isWord(text, at - 1) && this.#isWord(text, at + 1) && !this.#literal()) {
          this.#feed("\\_");
          from = index + 1;
        }
      }
      this.#feed(part.slice(from));
    } catch {
      // The parser gave up on something strange: the rest is shown as it is.
      this.#broken = true;
      this.#nodes.endAll();
      this.#nodes.text(part);
    }
  }

  #feed(text: string): void {
    if (text === "") return;
    parser_write(this.#parser, text);
    if (this.#parser.pending.length > MAX_PENDING) this.#startOver();
  }

  #closeFormula(): void {
    const { pending } = this.#parser;
    if (pending !== "") this.#nodes.text(pending);
    this.#parser.pending = "";
    this.#parser.text = "";
    this.#nodes.end("");
    this.#parser.len -= 1;
    this.#parser.token = this.#parser.tokens[this.#parser.len] ?? 0;
  }

  #startOver(): void {
    this.#nodes.text(this.#parser.pending);
    this.#nodes.endAll();
    this.#parser = this.#newParser();
  }

  /**
   * The parser keeps the last character until it sees the next. In running text a letter begins
   * nothing, and an answer that pauses should not stand there with half a word.
   */
  #showHeldBack(): void {
    const { token, pending } = this.#parser;
    if (RUNNING.has(token) && /^[\p{L}\p{N}.,;:?)]$/u.test(pending)) this.#release();
  }

  #release(): void {
    this.#parser.text += this.#parser.pending;
    this.#parser.pending = "";
    parser_write(this.#parser, "");
  }

  #end(): void {
    this.#ended = true;
    // Models end their answers with a space or a line break that nobody asked for.
    this.#parser.pending = this.#parser.pending.trimEnd();
    if (!this.#broken) parser_end(this.#parser);
    this.#nodes.endAll();
    if (this.#root.childNodes.length === 0) this.#root.append(this.#source.text);
    this.#onEnd?.();
  }

  #isWord(text: string, at: number): boolean {
    const character = text[at];
    return character !== undefined && WORD.test(character);
  }

  #literal(): boolean {
    const { token, pending } = this.#parser;
    return LITERAL.has(token) || pending[0] === "`" ||
      ((token === LINK || token === IMAGE) && pending.startsWith("]("));
  }
}

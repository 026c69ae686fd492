import type { ChatFailure, MessageStatus } from "../../src/runtime/mod.ts";
import type { TextSource } from "./markdown/markdown_view.ts";
import { Observers } from "./observers.ts";
import type { Presentation } from "./presentation.ts";

/** A tool that the pod used while it answered. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as it streams in. */
  readonly input: string;
  readonly result?: string;
}

/** Options of {@linkcode Message}. */
export interface MessageOptions {
  /** As in the history. */
  id: string;
  role: "user" | "assistant";
  /** @default "" */
  text?: string;
  /** @default "" */
  reasoning?: string;
  /** Absent while it is being written. */
  status?: MessageStatus;
  failure?: ChatFailure;
}

/** More than this in one answer is a mistake of its model. */
const MAX_PRESENTATIONS = 10;

let count = 0;

/**
 * One message as the widget shows it. Its text grows without a render: who shows the text observes
 * {@linkcode texts}, everything else observes {@linkcode changes}.
 */
export class Message implements TextSource {
  /** Unique in this page, and the same when the Host gives the message another id. */
  readonly key = `m${++count}`;
  readonly role: "user" | "assistant";
  readonly changes = new Observers();
  readonly texts = new Observers();
  readonly reasoningTexts = new Observers();
  /** As in the history. */
  id: string;

  #text: string;
  #reasoning: string;
  #status: MessageStatus | "streaming";
  #final: MessageStatus | undefined;
  #failure: ChatFailure | undefined;
  #tools: readonly ToolCall[] = [];
  #presentations: readonly Presentation[] = [];
  #place: number | undefined;
  /** Whether some of the text waits for a frame. */
  #behind: boolean;
  #isNew: boolean;

  constructor(options: MessageOptions) {
    this.id = options.id;
    this.role = options.role;
    this.#text = options.text ?? "";
    this.#reasoning = options.reasoning ?? "";
    this.#status = options.status ?? "streaming";
    this.#final = options.status;
    this.#failure = options.failure;
    this.#behind = this.#hasView();
    this.#isNew = options.status === undefined;
  }

  get text(): string {
    return this.#text;
  }
  get reasoning(): string {
    return this.#reasoning;
  }
  /** How it is; of an answer that streams in, settled once all of it is on the screen. */
  get status(): MessageStatus | "streaming" {
    return this.#status;
  }
  /**
   * The value of `data-status`: settled only while all the text is on the screen, also where it was
   * there before the message was, so that whoever sees `done` sees the whole answer.
   */
  get shownStatus(): MessageStatus | "streaming" {
    return this.#behind ? "streaming" : this.#status;
  }
  /** How it ended; the status says so once all the text is on the screen. */
  get outcome(): MessageStatus | undefined {
    return this.#final;
  }
  /** No more text will come; some of it may still wait for a frame. */
  get finished(): boolean {
    return this.#final !== undefined;
  }
  get failure(): ChatFailure | undefined {
    return this.#failure;
  }
  get tools(): readonly ToolCall[] {
    return this.#tools;
  }
  get presentations(): readonly Presentation[] {
    return this.#presentations;
  }
  /** The visitor's place while others are answered; 1 is the next. */
  get place(): number | undefined {
    return this.#place;
  }

  /** Adds to the text, or to what the model thinks. */
  append(delta: string, kind: "text" | "reasoning" = "text"): void {
    if (delta === "" || this.finished) return;
    const isText = kind === "text";
    const began = (isText ? this.#text : this.#reasoning) === "";
    if (isText) this.#text += delta;
    else this.#reasoning += delta;
    if (began) this.#place = undefined;
    (isText ? this.texts : this.reasoningTexts).notify();
    if (began) this.changes.notify();
  }

  /** The place in the queue; undefined when it is the visitor's turn. */
  setPlace(place: number | undefined): void {
    if (this.#place === place || this.finished) return;
    this.#place = place;
    this.changes.notify();
  }

  /** Adds a tool call, or changes the one with this id. */
  setTool(id: string, change: (tool: ToolCall | undefined) => ToolCall): void {
    const old = this.#tools.find((tool) => tool.id === id);
    const changed = change(old);
    this.#tools = old === undefined
      ? [...this.#tools, changed]
      : this.#tools.map((tool) => tool === old ? changed : tool);
    this.changes.notify();
  }

  /** Shows one beside the text. */
  addPresentation(shown: Presentation | undefined): void {
    if (shown === undefined || this.#presentations.length >= MAX_PRESENTATIONS) return;
    this.#presentations = [...this.#presentations, shown];
    this.changes.notify();
  }

  /** No more will come. The status changes once all the text is on the screen. */
  finish(status: MessageStatus, failure?: ChatFailure): void {
    if (this.finished) return;
    this.#final = status;
    this.#failure = failure;
    this.#place = undefined;
    if (this.texts.size === 0) this.#settle(this.#hasView());
    else this.texts.notify();
  }

  /** Called by who shows the text, when all of it is there. */
  shown(): void {
    this.#settle(false);
  }

  /** Called by who showed the text and does no more. */
  hidden(): void {
    this.#settle(this.#hasView());
  }

  /** Whether this answer is to be said aloud: a new one, once. */
  takeNews(): boolean {
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  /** A question is there with its row; an answer is written into its row, unless it is empty. */
  #hasView(): boolean {
    return this.role === "assistant" && this.#text !== "";
  }

  #settle(behind: boolean): void {
    if (this.#final === undefined) return;
    if (this.#status === this.#final && this.#behind === behind) return;
    this.#status = this.#final;
    this.#behind = behind;
    this.changes.notify();
  }
}

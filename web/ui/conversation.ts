import type { DartcUiEvent } from "../../src/dartc/mod.ts";
import type { ConversationSummary } from "../../src/runtime/mod.ts";
import type { Message } from "./message.ts";
import { Observers } from "./observers.ts";
import { applyRunEvent } from "./run_events.ts";
import type { ChatRuntime } from "./runtime_port.ts";
import { type Answers, threadOf } from "./thread.ts";

/**
 * What the widget shows and does, without a pixel of it: the thread, the answers that are being
 * given, and what a visitor can do. The runtime's history is the truth; questions that the page
 * asks through the same runtime are shown like the visitor's own.
 */
export class Conversation {
  /** The thread, or whether it streams, changed. Messages tell of their own changes. */
  readonly changes = new Observers();
  readonly #runtime: ChatRuntime;
  readonly #ended: (() => void)[];
  readonly #answers: Answers = new Map();
  /** Marks the runs that are asked here, in `ActiveRun.metadata`; the object itself is the mark. */
  readonly #asked = { askedBy: "gemmapod-widget" };
  #thread: readonly Message[] = [];
  readonly #own = new WeakSet<Message>();
  #streaming = false;
  #abort: AbortController | undefined;

  constructor(runtime: ChatRuntime) {
    this.#runtime = runtime;
    this.#ended = [
      runtime.events.on("chat.history", () => this.#read()),
      runtime.events.on("ui.event", ({ event }) => {
        const answer = this.#answers.get(event.runId ?? "") ?? this.#lastAnswered(event);
        if (answer === undefined) return;
        if (event.type !== "TEXT_MESSAGE_CONTENT") applyRunEvent(event, answer);
        // What was asked here comes as chunks; what the page asked is read along.
        else if (!this.#own.has(answer)) answer.append(event.delta, kindOf(event.messageId));
      }),
    ];
    this.#read();
  }

  /** All messages, oldest first; a new array at each change. */
  get thread(): readonly Message[] {
    return this.#thread;
  }

  /** Whether an answer is on its way to the screen. */
  get streaming(): boolean {
    return this.#streaming;
  }

  /** Whether there is something to {@linkcode stop}: not what the page itself asked. */
  get stoppable(): boolean {
    return this.#abort !== undefined;
  }

  /** Asks `text`. Does nothing while an answer is on its way, or when there is nothing to ask. */
  send(text: string): void {
    const trimmed = text.trim();
    if (this.streaming || trimmed === "") return;
    // Settles by itself: what fails is in the history, with its reason.
    void this.#ask(trimmed);
  }

  /** Stops the answer that is on its way; what was said of it stays. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Asks the question before this answer once more; the thread goes on from there. */
  askAgain(answer: Message): void {
    if (this.streaming) return;
    const before = this.#thread.slice(0, this.#thread.indexOf(answer));
    const question = before.findLast(({ role }) => role === "user");
    if (question === undefined) return;
    this.askInstead(question, question.text);
  }

  /** Asks a question once more in other words; what followed it is gone. */
  askInstead(question: Message, text: string): void {
    const trimmed = text.trim();
    if (this.streaming || trimmed === "") return;
    const history = this.#runtime.chat.history();
    const at = history.findIndex(({ id }) => id === question.id);
    if (at >= 0) this.#runtime.chat.setHistory(history.slice(0, at));
    this.send(trimmed);
  }

  /** The current one, by its id. */
  get id(): string {
    return this.#runtime.conversationId;
  }

  /** What is kept of earlier conversations and this one, newest first; none that is empty. */
  past(): ConversationSummary[] {
    return this.#runtime.chat.conversations().filter(({ messages }) => messages > 0);
  }

  /** Goes to a kept conversation; what is on its way here is stopped. */
  async open(conversationId: string): Promise<void> {
    try {
      await this.#runtime.chat.open(conversationId);
    } catch {
      this.changes.notify(); // another tab forgot it: the list says so
    }
  }

  /** Forgets a conversation in this browser. */
  async forget(conversationId: string): Promise<void> {
    await this.#runtime.chat.forget(conversationId);
    this.changes.notify();
  }

  /** Begins a new conversation; what is on its way is stopped. */
  async clear(): Promise<void> {
    this.stop();
    await this.#runtime.chat.clear();
  }

  /** Stops listening. Answers on their way go on: another face of the runtime may show them. */
  dispose(): void {
    for (const end of this.#ended) end();
  }

  async #ask(text: string): Promise<void> {
    const abort = this.#abort = new AbortController();
    const { chat } = this.#runtime;
    try {
      const chunks = chat.stream({ text, signal: abort.signal, metadata: this.#asked });
      this.#read();
      for await (const { runId, delta, kind } of chunks) {
        this.#answers.get(runId)?.append(delta, kind);
      }
    } catch {
      // Told by the answer's status and failure, which the history holds.
    }
    if (this.#abort === abort) this.#abort = undefined;
    this.#read();
  }

  /** What a pod shows after a run (`events.on_run_finished`) belongs to the answer before. */
  #lastAnswered(event: DartcUiEvent): Message | undefined {
    if (event.type !== "CUSTOM") return undefined;
    return this.#thread.findLast(({ role }) => role === "assistant");
  }

  #read(): void {
    const { chat, conversationId } = this.#runtime;
    const active = chat.active().filter((run) => run.conversationId === conversationId);
    const thread = threadOf(this.#thread, chat.history(), active, this.#answers);
    for (const { runId, metadata } of active) {
      const answer = this.#answers.get(runId);
      if (answer !== undefined && metadata === this.#asked) this.#own.add(answer);
    }
    if (thread === this.#thread) return;
    const old = new Set(this.#thread);
    this.#thread = thread;
    for (const message of thread) {
      if (!old.has(message)) message.changes.subscribe(() => this.#noteStreaming());
    }
    this.#streaming = isStreaming(thread);
    this.changes.notify();
  }

  /** The answer that settled may have been the last. */
  #noteStreaming(): void {
    const streaming = isStreaming(this.#thread);
    if (streaming === this.#streaming) return;
    this.#streaming = streaming;
    this.changes.notify();
  }
}

/** A reasoning part has its own message (dartc.md, "One chat run"). */
function kindOf(messageId: string): "text" | "reasoning" {
  return messageId.endsWith(":reasoning") ? "reasoning" : "text";
}

function isStreaming(thread: readonly Message[]): boolean {
  return thread.some(({ status }) => status === "streaming");
}

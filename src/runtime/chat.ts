import { asCodedError, CodedError } from "../base/mod.ts";
import { type DartcUiEvent, uuidv7 } from "../dartc/mod.ts";
import type {
  ChatChunk,
  HistoryMessage,
  MessageStatus,
  RuntimeChatApi,
  RuntimeChatInput,
} from "./chat_types.ts";
import { chatQuestion } from "./chat_request.ts";
import type { Clock } from "./clock.ts";
import type { Conversation } from "./conversation.ts";
import { MAX_CANCELLED_RUNS, RUN_ERROR_GRACE_MS } from "./limits.ts";
import { Run } from "./run.ts";
import type { RuntimeTransport } from "./transport_types.ts";

/** What chat needs of the runtime. */
export interface ChatOptions {
  readonly conversation: Conversation;
  readonly clock: Clock;
  /** The transport, if one is ready now. */
  ready(): RuntimeTransport | undefined;
  /** Resolves when one is ready. */
  connect(): Promise<void>;
  /** The current conversation was left for another. */
  onConversation(): void;
  /** The Host is to tell what it remembers of the current conversation. */
  greetAgain(): void;
}

/** Asks, keeps the answers apart, and writes them into the conversation. */
export class Chat implements RuntimeChatApi {
  readonly #options: ChatOptions;
  readonly #runs = new Map<string, Run>();
  /** Runs whose late events nobody wants to see. */
  readonly #cancelled = new Set<string>();
  #isOver = false;

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  stream(input: string | RuntimeChatInput): AsyncIterable<ChatChunk> {
    return this.#start(typeof input === "string" ? { text: input } : input).chunks;
  }

  async send(input: string | RuntimeChatInput): Promise<string> {
    let text = "";
    for await (const chunk of this.stream(input)) {
      if (chunk.kind !== "reasoning") text += chunk.delta;
    }
    return text;
  }

  history(): HistoryMessage[] {
    return this.#options.conversation.messages.map((message) => ({ ...message }));
  }

  setHistory(messages: Parameters<RuntimeChatApi["setHistory"]>[0]): void {
    this.#options.conversation.replace(messages);
  }

  clear(): Promise<void> {
    return this.#leave(() => this.#options.conversation.begin());
  }

  async open(conversationId: string): Promise<void> {
    const { conversation, greetAgain } = this.#options;
    if (conversationId === conversation.id) return;
    await this.#leave(() => conversation.open(conversationId));
    // Another conversation's answer on its way is worth more than what storage may lack of this one.
    if (this.#runs.size === 0) greetAgain();
  }

  forget(conversationId: string): Promise<void> {
    const { conversation } = this.#options;
    if (conversationId === conversation.id) {
      return this.#leave(() => conversation.forget(conversationId));
    }
    conversation.forget(conversationId);
    return Promise.resolve();
  }

  active(): ReturnType<RuntimeChatApi["active"]> {
    return [...this.#runs.values()].map((run) => run.summary());
  }

  conversations(): ReturnType<RuntimeChatApi["conversations"]> {
    return this.#options.conversation.list();
  }

  /** A piece of an answer. */
  onDelta(runId: string, delta: string, kind: "text" | "reasoning"): void {
    this.#runs.get(runId)?.push(delta, kind);
  }

  /** What a UI event says about a run, beside its text. */
  onUiEvent(event: DartcUiEvent): void {
    const run = event.runId === undefined ? undefined : this.#runs.get(event.runId);
    if (run === undefined) return;
    switch (event.type) {
      case "TEXT_MESSAGE_START":
        if (event.role === "assistant") run.messageId = event.messageId;
        return;
      case "RUN_FINISHED":
        return this.onDone(run.start.runId);
      case "RUN_ERROR": {
        // Its `dartc.error` follows and always has a code.
        const error = new CodedError(event.code ?? "chat_failed", event.message);
        run.failure = error;
        const fail = () => this.onFailed(run.start.runId, error);
        return run.whenEnds(this.#options.clock.after(RUN_ERROR_GRACE_MS, fail));
      }
    }
  }

  /** An answer is whole, unless its Host said that it failed, or says now that it stopped it. */
  onDone(runId: string, finishReason?: string): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    const failure = run.failure ?? (finishReason === "cancelled" ? stopped() : undefined);
    if (failure !== undefined) return this.onFailed(runId, failure);
    this.#finish(run, "done");
    run.chunks.push({ delta: "", runId, messageId: run.messageId, done: true });
    run.chunks.end();
  }

  /** An answer failed. */
  onFailed(runId: string, error: CodedError): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    this.#finish(run, error.code === "cancelled" ? "cancelled" : "error", error);
    run.chunks.fail(error);
  }

  /** The connection is gone: every answer on it is cut. */
  onClosed(): void {
    for (const run of [...this.#runs.values()]) {
      if (run.asked) this.#cut(run, disconnected());
    }
  }

  /** Whether an event belongs to a run that was cancelled here and is not to be shown any more. */
  isLate(event: DartcUiEvent): boolean {
    if (event.runId === undefined || !this.#cancelled.has(event.runId)) return false;
    return event.type !== "RUN_FINISHED" && event.type !== "RUN_ERROR";
  }

  /** The ids of the questions that wait for an answer. */
  openQuestions(): Set<string> {
    return new Set([...this.#runs.values()].map((run) => run.start.questionId));
  }

  /** Ends every answer; there will be no other. */
  destroy(): void {
    this.#isOver = true;
    for (const run of [...this.#runs.values()]) {
      this.#options.ready()?.cancel(run.start.runId);
      this.#cut(run, destroyed());
    }
  }

  #start(input: RuntimeChatInput): Run {
    if (this.#isOver) throw destroyed();
    const { conversation, clock } = this.#options;
    const conversationId = input.conversationId ?? conversation.id;
    const recorded = conversationId === conversation.id;
    const history = recorded ? conversation.messages : [];
    const question = chatQuestion(input, history, clock.now());
    const runId = uuidv7();
    const run = new Run({
      runId,
      questionId: question.questionId,
      conversationId,
      startedAt: clock.now(),
      recorded,
      metadata: input.metadata,
      onLeave: () => this.#cancel(run, undefined),
    });
    const { signal } = input;
    if (signal?.aborted === true) {
      run.chunks.fail(signal.reason);
      return run;
    }
    this.#runs.set(runId, run);
    const onAbort = () => this.#cancel(run, { reason: signal?.reason });
    signal?.addEventListener("abort", onAbort, { once: true });
    run.whenEnds(() => signal?.removeEventListener("abort", onAbort));
    if (recorded) conversation.append(question.added);

    const ask = (transport: RuntimeTransport) => {
      run.asked = true;
      transport.chat({ runId, conversationId, model: input.model, messages: question.sent });
    };
    const transport = this.#options.ready();
    if (transport === undefined) void this.#askWhenReady(run, ask);
    else ask(transport);
    return run;
  }

  async #askWhenReady(run: Run, ask: (transport: RuntimeTransport) => void): Promise<void> {
    const { runId } = run.start;
    try {
      await this.#options.connect();
      const transport = this.#options.ready();
      if (transport === undefined) throw disconnected();
      if (this.#runs.has(runId)) ask(transport);
    } catch (thrown) {
      this.onFailed(runId, asCodedError(thrown, "not_connected"));
    }
  }

  #cancel(run: Run, why: { readonly reason: unknown } | undefined): void {
    const { runId } = run.start;
    if (!this.#runs.has(runId)) return;
    this.#cancelled.add(runId);
    for (const oldest of this.#cancelled) {
      if (this.#cancelled.size <= MAX_CANCELLED_RUNS) break;
      this.#cancelled.delete(oldest);
    }
    if (run.asked) this.#options.ready()?.cancel(runId);
    this.#finish(run, "cancelled");
    if (why !== undefined) run.chunks.fail(why.reason);
  }

  #cut(run: Run, error: CodedError): void {
    this.#finish(run, "cut", error);
    run.chunks.fail(error);
  }

  #finish(run: Run, status: MessageStatus, error?: CodedError): void {
    const { runId, questionId, conversationId, recorded } = run.start;
    this.#runs.delete(runId);
    run.end();
    if (!recorded) return;
    this.#options.conversation.answer(conversationId, questionId, run.message(status, error));
  }

  #leave(move: () => void): Promise<void> {
    for (const run of [...this.#runs.values()]) {
      if (run.start.recorded) this.#cancel(run, { reason: left() });
    }
    try {
      move();
    } catch (error) {
      return Promise.reject(error);
    }
    this.#options.onConversation();
    return Promise.resolve();
  }
}

function disconnected(): CodedError {
  return new CodedError("disconnected", "The connection was lost before the answer was whole");
}

function destroyed(): CodedError {
  return new CodedError("destroyed", "Cannot answer: the pod was closed");
}

function stopped(): CodedError {
  return new CodedError("cancelled", "The pod's Host stopped the answer before it was whole");
}

function left(): CodedError {
  return new CodedError("cancelled", "The conversation was left before the answer was whole");
}

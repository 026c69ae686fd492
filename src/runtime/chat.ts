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
import { MAX_ANSWER_CHARS, MAX_CANCELLED_RUNS, RUN_ERROR_GRACE_MS } from "./limits.ts";
import { readMessages } from "./message.ts";
import { Run } from "./run.ts";
import type { RuntimeTransport, TransportChatRequest } from "./transport_types.ts";

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
    this.#options.conversation.replace(readMessages(messages));
  }

  clear(): Promise<void> {
    return this.#leave(() => this.#options.conversation.begin());
  }

  async open(conversationId: string): Promise<void> {
    const { conversation, greetAgain } = this.#options;
    if (conversationId === conversation.id) return;
    conversation.kept(conversationId); // else nothing is left, and no answer stopped
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

  /** A piece of an answer. One without an end is stopped: nothing else bounds what it takes. */
  onDelta(runId: string, delta: string, kind: "text" | "reasoning"): void {
    const run = this.#runs.get(runId);
    if (run === undefined || delta === "") return;
    run.push(delta, kind);
    if (run.chars <= MAX_ANSWER_CHARS) return;
    this.#stop(run);
    this.onFailed(runId, new CodedError("answer_too_long", "The answer does not come to an end"));
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
        if (run.failure !== undefined) return; // said already
        // Its `dartc.error` follows and always has a code.
        const error = new CodedError(event.code ?? "chat_failed", event.message);
        run.failure = error;
        const { runId } = run.start;
        const fail = () => {
          this.#options.ready()?.cancel(runId); // its session still waits for more
          this.onFailed(runId, error);
        };
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

  /** The connection is gone: every answer on it is cut; what is not asked yet can wait. */
  onClosed(): void {
    for (const run of [...this.#runs.values()]) {
      if (run.asked) this.#cut(run, disconnected());
    }
  }

  /** The page is going away: what it keeps now is all there will be, of every answer. */
  onLeaving(): void {
    for (const run of [...this.#runs.values()]) this.#cut(run, disconnected());
  }

  /**
   * Whether an event belongs to a run that was cancelled here and is not to be shown any more. What
   * the run made of the state stands on the Host, and so does it here.
   */
  isLate({ runId, type }: DartcUiEvent): boolean {
    return runId !== undefined && this.#cancelled.has(runId) && !HEARD_LATE.has(type);
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
    const onAbort = () => this.#cancel(run, { reason: signal?.reason });
    signal?.addEventListener("abort", onAbort, { once: true });
    run.whenEnds(() => signal?.removeEventListener("abort", onAbort));
    this.#runs.set(runId, run);
    if (recorded) conversation.append(question.added);
    void this.#ask(run, { runId, conversationId, model: input.model, messages: question.sent });
    return run;
  }

  /** Asks at once where a transport is ready, else when one is. */
  async #ask(run: Run, request: TransportChatRequest): Promise<void> {
    const { runId } = request;
    const { ready, connect } = this.#options;
    try {
      if (ready() === undefined) await connect();
      const transport = ready();
      if (transport === undefined) throw disconnected();
      if (!this.#runs.has(runId)) return; // stopped: maybe by whoever was told of the question
      run.asked = true;
      transport.chat(request);
    } catch (thrown) {
      this.onFailed(runId, asCodedError(thrown, "not_connected"));
    }
  }

  #cancel(run: Run, why: { readonly reason: unknown } | undefined): void {
    if (!this.#runs.has(run.start.runId)) return;
    this.#stop(run);
    this.#finish(run, "cancelled");
    if (why !== undefined) run.chunks.fail(why.reason);
  }

  /** Nobody wants to hear more of it: here, nor from the Host. */
  #stop({ asked, start: { runId } }: Run): void {
    this.#cancelled.add(runId);
    for (const oldest of this.#cancelled) {
      if (this.#cancelled.size <= MAX_CANCELLED_RUNS) break;
      this.#cancelled.delete(oldest);
    }
    if (asked) this.#options.ready()?.cancel(runId);
  }

  #cut(run: Run, error: CodedError): void {
    if (!this.#runs.has(run.start.runId)) return; // whoever was told of another has ended this one
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

/** What is heard of a run to its end, cancelled or not. */
const HEARD_LATE: ReadonlySet<DartcUiEvent["type"]> = new Set<DartcUiEvent["type"]>([
  "RUN_FINISHED",
  "RUN_ERROR",
  "STATE_SNAPSHOT",
  "STATE_DELTA",
  "MESSAGES_SNAPSHOT",
]);

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

/** Who said it. */
export type ChatRole = "user" | "assistant" | "system" | "tool";

/**
 * How a message ended: `done`, `cut` (the connection or the page went away in the middle), `error`
 * (the Host or its model failed) or `cancelled` (the visitor stopped it).
 */
export type MessageStatus = "done" | "cut" | "error" | "cancelled";

/** One message of a conversation, as callers may give it. */
export interface ChatMessage {
  readonly role: ChatRole;
  readonly content: string;
  /** Stable for the life of the message; made where it is absent. */
  readonly id?: string;
  /** @default "done" */
  readonly status?: MessageStatus;
  /** What the model thought before it answered, where it said so. */
  readonly reasoning?: string;
  /** Why it ended with `cut` or `error`. */
  readonly error?: ChatFailure;
  /** Unix milliseconds. */
  readonly createdAt?: number;
}

/** One message of {@linkcode RuntimeChatApi.history}: a message that has an id and an end. */
export interface HistoryMessage extends ChatMessage {
  readonly id: string;
  readonly status: MessageStatus;
}

/** Why an answer failed. */
export interface ChatFailure {
  /** A code of the wire (`chat_failed`, `rate_limited`…) or of the runtime (`disconnected`…). */
  readonly code: string;
  /** A sentence for the visitor. */
  readonly message: string;
}

/** One piece of an answer. */
export interface ChatChunk {
  /** The text that is new; empty in the last chunk. */
  readonly delta: string;
  /** The run that answers: the `request_id` on the wire. */
  readonly runId: string;
  /** The message that grows. */
  readonly messageId: string;
  /** `reasoning` is what the model thinks; absent is `text`. */
  readonly kind?: "text" | "reasoning";
  /** True in the last chunk alone. */
  readonly done?: boolean;
}

/** What {@linkcode RuntimeChatApi.stream} takes beside a plain question. */
export interface RuntimeChatInput {
  /** The conversation to answer, instead of the history; the last message is the question. */
  readonly messages?: readonly ChatMessage[];
  /** The question; with `messages`, it follows them. */
  readonly text?: string;
  /** Asks for a model by name; a Host takes it only where its owner listed it. */
  readonly model?: string;
  /** Another conversation than the current one; its turns do not enter the history here. */
  readonly conversationId?: string;
  /** Stops the answer, here and on the Host. */
  readonly signal?: AbortSignal;
  /** Kept beside the run for whoever reads {@linkcode RuntimeChatApi.active}; never sent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** An answer that is being given. */
export interface ActiveRun {
  readonly runId: string;
  /** The id that the answer will have in the history. */
  readonly messageId: string;
  /** The id of the question in the history. */
  readonly questionId: string;
  readonly conversationId: string;
  /** What has come so far. */
  readonly text: string;
  readonly reasoning: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A conversation of this pod that is kept here. */
export interface ConversationSummary {
  readonly conversationId: string;
  /** The beginning of the first question. */
  readonly title: string;
  /** How many messages it has. */
  readonly messages: number;
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

/** Chat, the same over every transport (seed 003, section 7). */
export interface RuntimeChatApi {
  /**
   * Asks, and gives the answer piece by piece. The question goes out at once, with or without a
   * reader; leaving the loop early cancels the answer, like aborting `signal`.
   *
   * The iterator throws a `CodedError` with the code of the wire, or the signal's reason. The call
   * itself throws `bad_chat_request` where there is no question, `destroyed` after `destroy()`.
   */
  stream(input: string | RuntimeChatInput): AsyncIterable<ChatChunk>;
  /** Asks, and resolves to the whole answer; rejects as {@linkcode RuntimeChatApi.stream} throws. */
  send(input: string | RuntimeChatInput): Promise<string>;
  /** The finished messages of the current conversation, oldest first; a copy. */
  history(): HistoryMessage[];
  /** Replaces the history: what is left out is forgotten, here and in storage. */
  setHistory(messages: readonly ChatMessage[]): void;
  /** Cancels what is being answered, empties the history, begins a new conversation id. */
  clear(): Promise<void>;
  /** The answers that are being given, oldest first. */
  active(): ActiveRun[];
  /** The conversations of this pod that are kept here, newest first, the current one among them. */
  conversations(): ConversationSummary[];
  /** Goes back to a kept conversation; the current one is kept. Throws `unknown_conversation`. */
  open(conversationId: string): Promise<void>;
  /** Forgets a kept conversation here (not on the Host). The current one is cleared. */
  forget(conversationId: string): Promise<void>;
}

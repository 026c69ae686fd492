import { CodedError } from "../base/mod.ts";
import { uuidv7 } from "../dartc/mod.ts";
import type { ChatMessage, ConversationSummary, HistoryMessage } from "./chat_types.ts";
import type { Clock } from "./clock.ts";
import { type ConversationRecord, ConversationStorage } from "./conversation_storage.ts";
import { newConversationId } from "./ids.ts";
import { MAX_HISTORY_MESSAGES, TITLE_CHARS } from "./limits.ts";
import { mergeTurns } from "./merge_turns.ts";
import { asHistoryMessage } from "./message.ts";

/** Options of {@linkcode Conversation}. */
export interface ConversationOptions {
  readonly storage: ConversationStorage;
  readonly clock: Clock;
  /** The conversation to take up; default the stored one, else a new one. */
  readonly conversationId?: string;
  /** Told after each change of id or messages. */
  onChange(): void;
}

/**
 * The current conversation: its id and its finished messages, in memory, and kept in storage
 * without overwriting what another tab of the same pod says meanwhile.
 */
export class Conversation {
  readonly #storage: ConversationStorage;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #id: string;
  #messages: readonly HistoryMessage[] = [];
  /** The ids that storage had when we last read or wrote it. */
  #base: ReadonlySet<string> = new Set();

  constructor(options: ConversationOptions) {
    this.#storage = options.storage;
    this.#clock = options.clock;
    this.#onChange = options.onChange;
    const stored = options.conversationId === undefined
      ? this.#storage.current()
      : this.#storage.find(options.conversationId);
    this.#id = options.conversationId ?? stored?.conversationId ?? newConversationId();
    this.#take(stored);
    if (this.#storage.current()?.conversationId !== this.#id) {
      this.#storage.makeCurrent(this.#record(this.#messages));
    }
  }

  /** The key to this conversation, here and on the Host. */
  get id(): string {
    return this.#id;
  }

  /** The finished messages, oldest first. */
  get messages(): readonly HistoryMessage[] {
    return this.#messages;
  }

  /** Replaces the messages: what is left out is forgotten. */
  replace(messages: readonly ChatMessage[]): void {
    const ids = new Set<string>();
    this.#messages = messages.slice(-MAX_HISTORY_MESSAGES).map((message) => {
      const kept = asHistoryMessage(message);
      const unique = ids.has(kept.id) ? { ...kept, id: uuidv7() } : kept;
      ids.add(unique.id);
      return unique;
    });
    this.#save();
    this.#onChange();
  }

  /** Adds messages at the end. */
  append(messages: readonly HistoryMessage[]): void {
    this.replace([...this.#messages, ...messages]);
  }

  /**
   * Puts an answer behind its question, also in a conversation that was left meanwhile. Does
   * nothing where the question is gone: somebody removed it.
   */
  answer(conversationId: string, questionId: string, answer: HistoryMessage): void {
    if (conversationId === this.#id) {
      const messages = withAnswer(this.#messages, questionId, answer);
      if (messages !== undefined) this.replace(messages);
      return;
    }
    const record = this.#storage.find(conversationId);
    const messages = record && withAnswer(record.messages, questionId, answer);
    if (messages === undefined) return;
    this.#storage.put({ conversationId, messages, updatedAt: this.#clock.now() });
  }

  /** Writes to storage, together with what another tab wrote there. */
  #save(): void {
    this.#mergeStored();
    this.#storage.put(this.#record(this.#messages));
    this.#base = idsOf(this.#messages);
  }

  /** Another tab wrote: takes over what is new, if this conversation is meant. */
  refresh(): void {
    const before = this.#messages;
    this.#mergeStored();
    if (!sameList(before, this.#messages)) this.#onChange();
  }

  /** Begins a new conversation; this one is kept. */
  begin(): void {
    this.#moveTo({ conversationId: newConversationId(), messages: [], updatedAt: 0 });
  }

  /** Goes to a kept conversation. Throws `CodedError` `unknown_conversation`. */
  open(conversationId: string): void {
    if (conversationId === this.#id) return;
    const record = this.#storage.find(conversationId);
    if (record === undefined) {
      throw new CodedError("unknown_conversation", "Cannot open the conversation: it is not kept");
    }
    this.#moveTo(record);
  }

  /** Forgets a kept conversation; the current one is followed by a new one. */
  forget(conversationId: string): void {
    if (conversationId === this.#id) {
      this.#messages = [];
      this.#base = new Set();
      this.#storage.remove(conversationId);
      this.begin();
    }
    this.#storage.remove(conversationId);
  }

  /** What is kept, newest first. */
  list(): ConversationSummary[] {
    const current = this.#record(this.#messages);
    const stored = [this.#storage.current(), ...this.#storage.earlier()]
      .filter((record) => record !== undefined)
      .filter((record) => record.conversationId !== this.#id);
    return [current, ...stored].map(summaryOf);
  }

  #moveTo(record: ConversationRecord): void {
    this.#id = record.conversationId;
    this.#take(record);
    this.#storage.makeCurrent(this.#record(this.#messages));
    this.#onChange();
  }

  #take(record: ConversationRecord | undefined): void {
    this.#messages = record?.messages ?? [];
    this.#base = idsOf(this.#messages);
  }

  #mergeStored(): void {
    const stored = this.#storage.find(this.#id);
    if (stored === undefined) return; // blocked, or cleared: what we have is all there is
    this.#messages = mergeTurns(this.#base, this.#messages, stored.messages, {
      trimmed: stored.trimmed ?? false,
    }).slice(-MAX_HISTORY_MESSAGES);
    this.#base = idsOf(stored.messages);
  }

  #record(messages: readonly HistoryMessage[]): ConversationRecord {
    return { conversationId: this.#id, messages, updatedAt: this.#clock.now() };
  }
}

function withAnswer(
  messages: readonly HistoryMessage[],
  questionId: string,
  answer: HistoryMessage,
): HistoryMessage[] | undefined {
  const others = messages.filter((message) => message.id !== answer.id);
  const at = others.findIndex((message) => message.id === questionId);
  return at < 0 ? undefined : others.toSpliced(at + 1, 0, answer);
}

function idsOf(messages: readonly HistoryMessage[]): Set<string> {
  return new Set(messages.map((message) => message.id));
}

function sameList(one: readonly HistoryMessage[], other: readonly HistoryMessage[]): boolean {
  return one.length === other.length &&
    one.every((message, index) => message === other[index]);
}

function summaryOf(record: ConversationRecord): ConversationSummary {
  const question = record.messages.find((message) => message.role === "user")?.content ?? "";
  const line = question.replace(/\s+/g, " ").trim();
  return {
    conversationId: record.conversationId,
    title: line.length > TITLE_CHARS ? `${line.slice(0, TITLE_CHARS - 1)}…` : line,
    messages: record.messages.length,
    updatedAt: record.updatedAt,
  };
}

import { CodedError } from "../base/mod.ts";
import { uuidv7 } from "../dartc/mod.ts";
import type { ChatMessage, ConversationSummary, HistoryMessage } from "./chat_types.ts";
import type { Clock } from "./clock.ts";
import { type ConversationRecord, ConversationStorage } from "./conversation_storage.ts";
import { newConversationId } from "./ids.ts";
import {
  MAX_HISTORY_CHARS,
  MAX_HISTORY_MESSAGES,
  MAX_MESSAGE_ID_CHARS,
  MAX_REMOVED,
  REPAIR_MS,
  TITLE_CHARS,
} from "./limits.ts";
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
  /** The ids of messages that were removed, here or in another tab. */
  #removed: ReadonlySet<string> = new Set();
  #updatedAt = 0;
  /** When this tab last wrote something of its own. */
  #wroteAt = 0;

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
      this.#storage.makeCurrent(this.#record());
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
    const before = this.#messages;
    const ids = new Set<string>();
    this.#messages = newest(messages).map((message) => {
      const kept = asHistoryMessage(message);
      const isNone = ids.has(kept.id) || kept.id.length > MAX_MESSAGE_ID_CHARS;
      const unique = isNone ? { ...kept, id: uuidv7() } : kept;
      ids.add(unique.id);
      return unique;
    });
    this.#merge(before.map(({ id }) => id).filter((id) => !ids.has(id)));
    this.#updatedAt = this.#wroteAt = this.#clock.now();
    this.#storage.put(this.#record());
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
    if (record === undefined) return;
    const messages = withAnswer(record.messages, questionId, answer);
    if (messages === undefined) return;
    this.#storage.put({ ...record, messages, updatedAt: this.#clock.now() });
  }

  /** Another tab wrote: takes over what is new, if this conversation is meant. */
  refresh(): void {
    const before = this.#messages;
    const stored = this.#merge();
    if (this.#clock.now() - this.#wroteAt < REPAIR_MS && this.#isMissingIn(stored)) {
      this.#storage.put(this.#record());
    }
    if (!sameList(before, this.#messages)) this.#onChange();
  }

  /** Begins a new conversation; this one is kept. */
  begin(): void {
    const updatedAt = this.#clock.now();
    this.#moveTo({ conversationId: newConversationId(), messages: [], updatedAt, removed: [] });
  }

  /** Goes to a kept conversation. Throws `CodedError` `unknown_conversation`. */
  open(conversationId: string): void {
    if (conversationId !== this.#id) this.#moveTo(this.kept(conversationId));
  }

  /** A conversation of this pod that is kept. Throws `CodedError` `unknown_conversation`. */
  kept(conversationId: string): ConversationRecord {
    const record = this.#storage.find(conversationId);
    if (record !== undefined) return record;
    throw new CodedError("unknown_conversation", "Cannot open the conversation: it is not kept");
  }

  /** Forgets a kept conversation; the current one is followed by a new one. */
  forget(conversationId: string): void {
    this.#storage.remove(conversationId);
    if (conversationId === this.#id) this.begin();
    else this.#onChange();
  }

  /** What is kept, newest first. */
  list(): ConversationSummary[] {
    const all = new Map<string, ConversationRecord>();
    for (const record of [this.#record(), this.#storage.current(), ...this.#storage.earlier()]) {
      if (record !== undefined && !all.has(record.conversationId)) {
        all.set(record.conversationId, record);
      }
    }
    return [...all.values()].sort((one, other) => other.updatedAt - one.updatedAt).map(summaryOf);
  }

  #moveTo(record: ConversationRecord): void {
    this.#take(record);
    this.#id = record.conversationId;
    this.#wroteAt = this.#clock.now();
    this.#storage.makeCurrent(this.#record());
    this.#onChange();
  }

  #take(record: ConversationRecord | undefined): void {
    this.#messages = record?.messages ?? [];
    this.#removed = new Set(record?.removed);
    this.#updatedAt = record?.updatedAt ?? this.#clock.now();
  }

  /**
   * Takes over what another tab wrote and what it removed, and removes what is `gone`; returns what
   * is stored.
   */
  #merge(gone: readonly string[] = []): ConversationRecord | undefined {
    const stored = this.#storage.find(this.#id);
    const ours = idsOf(this.#messages);
    // What we have although we knew that it was removed, somebody has put back.
    const removed = [...stored?.removed ?? this.#removed]
      .filter((id) => !ours.has(id) || !this.#removed.has(id));
    this.#removed = new Set([...removed, ...gone].slice(-MAX_REMOVED));
    if (stored === undefined) return undefined; // blocked, or cleared: what we have is all there is
    this.#messages = newest(mergeTurns(this.#messages, stored.messages, this.#removed));
    this.#updatedAt = Math.max(this.#updatedAt, stored.updatedAt);
    return stored;
  }

  /** Whether another tab wrote over what we had just written: nothing locks a storage. */
  #isMissingIn(stored: ConversationRecord | undefined): boolean {
    if (stored?.trimmed === true) return false;
    const ids = idsOf(stored?.messages ?? []);
    return this.#messages.some(({ id }) => !ids.has(id));
  }

  #record(): ConversationRecord {
    return {
      conversationId: this.#id,
      messages: this.#messages,
      updatedAt: this.#updatedAt,
      removed: [...this.#removed],
    };
  }
}

/**
 * An answer may be there already, in its question's turn: a snapshot of the Host's brought it. The
 * message of another turn that has its id, as a careless Host names them all, stays what it is.
 */
function withAnswer(
  messages: readonly HistoryMessage[],
  questionId: string,
  answer: HistoryMessage,
): HistoryMessage[] | undefined {
  const at = messages.findIndex((message) => message.id === questionId);
  if (at < 0) return undefined;
  const before = messages.slice(0, at + 1);
  const after = messages.slice(at + 1);
  const end = after.findIndex(({ role }) => role === "user");
  const others = after.filter(({ id }, index) => id !== answer.id || (end >= 0 && index >= end));
  const isTaken = [...before, ...others].some(({ id }) => id === answer.id);
  return [...before, isTaken ? { ...answer, id: uuidv7() } : answer, ...others];
}

/** What a history holds of too many messages, or too long ones; the last one always. */
function newest<M extends ChatMessage>(messages: readonly M[]): readonly M[] {
  let left = MAX_HISTORY_CHARS;
  const first = messages.findLastIndex(({ content, reasoning = "" }) =>
    (left -= content.length + reasoning.length) < 0
  );
  return messages.slice(Math.min(first + 1, messages.length - 1)).slice(-MAX_HISTORY_MESSAGES);
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

import { isObject, isString } from "../base/mod.ts";
import { isVisitorConversationId } from "../dartc/mod.ts";
import type { StorageAdapter } from "./adapter_types.ts";
import type { HistoryMessage } from "./chat_types.ts";
import {
  MAX_HISTORY_MESSAGES,
  MAX_REMOVED,
  MAX_STORED_CHARS,
  MAX_STORED_CONVERSATIONS,
  MAX_STORED_MESSAGE_CHARS,
} from "./limits.ts";
import { isTime, readMessage } from "./message.ts";

/** What was read under a key. */
interface Seen {
  readonly text: string | null;
  readonly records: readonly ConversationRecord[];
}

/** A conversation as it is kept. */
export interface ConversationRecord {
  readonly conversationId: string;
  readonly messages: readonly HistoryMessage[];
  /** Unix milliseconds. */
  readonly updatedAt: number;
  /** Older messages were left out to make it fit. */
  readonly trimmed?: boolean;
  /** Ids of messages that were removed, the newest last, so that no tab brings them back. */
  readonly removed: readonly string[];
}

/**
 * The conversations of one pod in a storage that may be blocked, full or corrupt: then it keeps
 * less, or nothing, and says nothing.
 *
 * The current one is under `gemmapod:<podId>:conversation:v1` (seed 003, section 8), the earlier
 * ones in a list under `gemmapod:<podId>:conversations:v1`.
 */
export class ConversationStorage {
  readonly #storage: StorageAdapter;
  /** What was under each key when it was last looked at: reading it costs milliseconds. */
  readonly #seen = new Map<string, Seen>();
  /** Where the current conversation is. */
  readonly currentKey: string;
  /** Where the earlier ones are. */
  readonly earlierKey: string;

  constructor(storage: StorageAdapter, podId: string) {
    this.#storage = storage;
    this.currentKey = `gemmapod:${podId}:conversation:v1`;
    this.earlierKey = `gemmapod:${podId}:conversations:v1`;
  }

  /** The current conversation. */
  current(): ConversationRecord | undefined {
    return this.#records(this.currentKey)[0];
  }

  /** The earlier ones, newest first. */
  earlier(): readonly ConversationRecord[] {
    return this.#records(this.earlierKey);
  }

  /** A kept conversation. */
  find(conversationId: string): ConversationRecord | undefined {
    const current = this.current();
    if (current?.conversationId === conversationId) return current;
    return this.earlier().find((record) => record.conversationId === conversationId);
  }

  /** Keeps a conversation where it is: as the current one only if no other is. */
  put(record: ConversationRecord): void {
    const current = this.current();
    if (current === undefined || current.conversationId === record.conversationId) {
      this.#writeCurrent(record);
    } else {
      this.#putEarlier(record);
    }
  }

  /** Keeps a conversation as the current one; the former one joins the earlier. */
  makeCurrent(record: ConversationRecord): void {
    const former = this.current();
    if (former !== undefined && former.conversationId !== record.conversationId) {
      this.#putEarlier(former);
    }
    this.#writeEarlier(
      this.earlier().filter((other) => other.conversationId !== record.conversationId),
    );
    this.#writeCurrent(record);
  }

  /** Forgets a conversation. */
  remove(conversationId: string): void {
    if (this.current()?.conversationId === conversationId) this.#remove(this.currentKey);
    const earlier = this.earlier();
    const left = earlier.filter((record) => record.conversationId !== conversationId);
    if (left.length < earlier.length) this.#writeEarlier(left);
  }

  #putEarlier(record: ConversationRecord): void {
    if (record.messages.length === 0) return;
    const others = this.earlier()
      .filter((other) => other.conversationId !== record.conversationId);
    this.#writeEarlier([record, ...others]);
  }

  #writeEarlier(records: readonly ConversationRecord[]): void {
    if (records.length === 0) return this.#remove(this.earlierKey);
    let left = records.slice(0, MAX_STORED_CONVERSATIONS);
    let text = JSON.stringify(left);
    while (text.length > MAX_STORED_CHARS && left.length > 1) {
      left = left.slice(0, -1);
      text = JSON.stringify(left);
    }
    if (text.length > MAX_STORED_CHARS || !this.#write(this.earlierKey, text)) {
      this.#remove(this.earlierKey);
    }
  }

  #writeCurrent(record: ConversationRecord): void {
    let fitting = record;
    let text = JSON.stringify(record);
    if (text.length > MAX_STORED_CHARS) {
      fitting = { ...record, messages: record.messages.map(shortened) };
      text = JSON.stringify(fitting);
    }
    const halve = () => {
      const messages = fitting.messages.slice(Math.ceil(fitting.messages.length / 2));
      fitting = { ...fitting, messages, trimmed: true };
      text = JSON.stringify(fitting);
    };
    while (text.length > MAX_STORED_CHARS && fitting.messages.length > 0) halve();
    if (this.#write(this.currentKey, text)) return;
    this.#remove(this.earlierKey); // full: the earlier conversations make room
    while (!this.#write(this.currentKey, text)) {
      if (fitting.messages.length === 0) return;
      halve();
    }
  }

  #records(key: string): readonly ConversationRecord[] {
    const text = this.#getItem(key);
    const seen = this.#seen.get(key);
    if (seen !== undefined && seen.text === text) return seen.records;
    const records = [parsed(text)].flat().map(readRecord).filter((record) => record !== undefined);
    this.#seen.set(key, { text, records });
    return records;
  }

  #getItem(key: string): string | null {
    try {
      return this.#storage.getItem(key);
    } catch {
      return null; // blocked
    }
  }

  #write(key: string, text: string): boolean {
    try {
      this.#storage.setItem(key, text);
      return true;
    } catch {
      return false; // blocked or full
    }
  }

  #remove(key: string): void {
    try {
      this.#storage.removeItem(key);
    } catch {
      // blocked: then nothing was kept either
    }
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined; // not ours
  }
}

function shortened(message: HistoryMessage): HistoryMessage {
  const { content, reasoning, error } = message;
  return {
    ...message,
    content: cut(content),
    ...reasoning !== undefined && { reasoning: cut(reasoning) },
    ...error !== undefined && { error: { code: cut(error.code), message: cut(error.message) } },
  };
}

function cut(text: string): string {
  if (text.length <= MAX_STORED_MESSAGE_CHARS) return text;
  return `${text.slice(0, MAX_STORED_MESSAGE_CHARS)}…`;
}

function readRecord(value: unknown): ConversationRecord | undefined {
  if (!isObject(value)) return undefined;
  // Every member is checked below before it is used.
  const given: Partial<Record<keyof ConversationRecord, unknown>> = value;
  const { conversationId } = given;
  if (!isString(conversationId) || !isVisitorConversationId(conversationId)) {
    return undefined;
  }
  const messages = Array.isArray(given.messages) ? given.messages : [];
  const seen = new Set<string>();
  return {
    conversationId,
    messages: messages.map((message, index) => readMessage(message, `stored-${index}`))
      .filter((message) => message !== undefined)
      .filter((message) => !seen.has(message.id) && seen.add(message.id))
      .slice(-MAX_HISTORY_MESSAGES),
    updatedAt: isTime(given.updatedAt) ? given.updatedAt : 0,
    ...given.trimmed === true && { trimmed: true },
    removed: Array.isArray(given.removed) ? given.removed.filter(isString).slice(-MAX_REMOVED) : [],
  };
}

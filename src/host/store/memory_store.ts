import type {
  ConversationStore,
  ConversationSummary,
  NewMessage,
  ReadMessages,
  StoredMessage,
  Turn,
} from "./conversation_store.ts";

/** How many conversations a Host without a database remembers: those active last. */
const MAX_CONVERSATIONS = 1_000;

/** How many messages of each, superseded ones included: the newest. */
const MAX_MESSAGES = 1_000;

interface Conversation {
  readonly podId: string;
  readonly conversationId: string;
  readonly createdAt: number;
  updatedAt: number;
  state: string | undefined;
  messages: (NewMessage & { row: number; createdAt: number; superseded: boolean })[];
}

/** Conversations in memory: for a Host whose database cannot be opened, and for tests. Bounded. */
export function openMemoryStore(options: { now?: () => number } = {}): ConversationStore {
  return new MemoryStore(options.now ?? Date.now);
}

class MemoryStore implements ConversationStore {
  readonly kind = "memory";
  /** In the order of their last activity, oldest first. */
  readonly #conversations = new Map<string, Conversation>();
  readonly #now: () => number;
  #rows = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  messages(podId: string, conversationId: string, read: ReadMessages): StoredMessage[] {
    const { newest, which = "live" } = read;
    const kept = this.#conversations.get(keyOf(podId, conversationId))?.messages ?? [];
    const wanted = kept.filter((message) => which === "all" || !message.superseded);
    return wanted.slice(Math.max(0, wanted.length - newest)).map((message) => ({ ...message }));
  }

  appendTurn(turn: Turn): void {
    const conversation = this.#touch(turn.podId, turn.conversationId);
    const superseded = new Set(turn.supersedes);
    for (const message of conversation.messages) {
      if (superseded.has(message.row)) message.superseded = true;
    }
    for (const { id, role, content, status } of turn.messages) {
      conversation.messages.push({
        id,
        role,
        content,
        status,
        row: ++this.#rows,
        createdAt: conversation.updatedAt,
        superseded: false,
      });
    }
    conversation.messages.splice(0, conversation.messages.length - MAX_MESSAGES);
  }

  state(podId: string, conversationId: string): string | undefined {
    return this.#conversations.get(keyOf(podId, conversationId))?.state;
  }

  setState(podId: string, conversationId: string, json: string | undefined): void {
    this.#touch(podId, conversationId).state = json;
  }

  list(podId: string, { newest = Infinity } = {}): ConversationSummary[] {
    return [...this.#conversations.values()].reverse()
      .filter((conversation) => conversation.podId === podId)
      .slice(0, newest)
      .map(({ conversationId, createdAt, updatedAt, messages }) => ({
        podId,
        conversationId,
        createdAt,
        updatedAt,
        messages: messages.filter(({ superseded }) => !superseded).length,
      }));
  }

  count(podId: string): number {
    return this.list(podId).length;
  }

  clear(podId: string, conversationId?: string): number {
    const gone = [...this.#conversations.values()].filter((conversation) =>
      conversation.podId === podId &&
      (conversationId === undefined || conversation.conversationId === conversationId)
    );
    return this.#forget(gone);
  }

  prune(before: number): number {
    return this.#forget(
      [...this.#conversations.values()].filter(({ updatedAt }) => updatedAt < before),
    );
  }

  [Symbol.dispose](): void {
    this.#conversations.clear();
  }

  #forget(conversations: readonly Conversation[]): number {
    for (const one of conversations) {
      this.#conversations.delete(keyOf(one.podId, one.conversationId));
    }
    return conversations.length;
  }

  #touch(podId: string, conversationId: string): Conversation {
    const key = keyOf(podId, conversationId);
    const at = this.#now();
    const conversation = this.#conversations.get(key) ??
      { podId, conversationId, createdAt: at, updatedAt: at, state: undefined, messages: [] };
    conversation.updatedAt = at;
    this.#conversations.delete(key); // and again at the end: the order is that of activity
    this.#conversations.set(key, conversation);
    const [oldest] = this.#conversations.keys();
    if (this.#conversations.size > MAX_CONVERSATIONS && oldest !== undefined) {
      this.#conversations.delete(oldest);
    }
    return conversation;
  }
}

function keyOf(podId: string, conversationId: string): string {
  return JSON.stringify([podId, conversationId]); // no two pairs give the same text
}

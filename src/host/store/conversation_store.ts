/** Who said a stored message. */
export type StoredRole = "user" | "assistant";

/**
 * How a message ended: `cut` when the connection or the endpoint broke in the middle, `cancelled`
 * when the visitor stopped it, `error` when there is no answer to it.
 */
export type StoredStatus = "done" | "cut" | "cancelled" | "error";

/** A message to store. */
export interface NewMessage {
  /** Unique in its conversation; `<runId>:assistant` for an answer. */
  readonly id: string;
  readonly role: StoredRole;
  readonly content: string;
  readonly status: StoredStatus;
}

/** A message as it is kept. */
export interface StoredMessage extends NewMessage {
  /** Grows with time over all conversations of a store. */
  readonly row: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** A later turn took its place; shown to nobody, kept for the owner. */
  readonly superseded: boolean;
}

/** One turn of a conversation: what follows the last message that both sides share. */
export interface Turn {
  readonly podId: string;
  readonly conversationId: string;
  /** The new messages, in order. */
  readonly messages: readonly NewMessage[];
  /** Rows that this turn takes the place of; they are kept and marked. */
  readonly supersedes?: readonly number[];
}

/** A conversation, for lists. */
export interface ConversationSummary {
  readonly podId: string;
  readonly conversationId: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Messages that are not superseded. */
  readonly messages: number;
}

/** What {@linkcode ConversationStore.messages} may leave out. */
export interface ReadMessages {
  /** At most so many, the newest. */
  newest: number;
  /** With those that a later turn took the place of. @default "live" */
  which?: "live" | "all";
}

/**
 * What a Host remembers, by pod id and conversation id (host.md, "Conversations"). One conformance
 * test holds for all (`tests/unit/host/store`).
 *
 * Nothing is cached above it: what another process deletes is gone at the next call.
 */
export interface ConversationStore extends Disposable {
  readonly kind: "sqlite" | "memory";
  /** The newest messages of a conversation, oldest first. Empty where nothing is remembered. */
  messages(podId: string, conversationId: string, read: ReadMessages): StoredMessage[];
  /** Stores a turn, whole or not at all. */
  appendTurn(turn: Turn): void;
  /** The state that a conversation holds, as JSON text. */
  state(podId: string, conversationId: string): string | undefined;
  /** Replaces that state; `undefined` takes it away. */
  setState(podId: string, conversationId: string, json: string | undefined): void;
  /** The conversations of a pod, the one that was active last first; all, or so many of them. */
  list(podId: string, read?: { readonly newest: number }): ConversationSummary[];
  /** How many conversations of a pod there are. */
  count(podId: string): number;
  /** Forgets a conversation, or all of a pod. Returns how many conversations are gone. */
  clear(podId: string, conversationId?: string): number;
  /**
   * Forgets the conversations that nobody went on with since a moment, in Unix milliseconds.
   * Returns how many are gone.
   */
  prune(before: number): number;
}

import { errorMessage, type Logger } from "../../base/mod.ts";
import { type History, isReplayableConversationId } from "../../dartc/mod.ts";
import type { ConversationStore, StoredMessage, Turn } from "../store/conversation_store.ts";
import { openMemoryStore } from "../store/memory_store.ts";
import type { SharedState } from "../tools/shared_state.ts";

/**
 * How many messages of a conversation a session looks at: what is merged with a visitor's list, and
 * what is shown again on return. Far more than fit the model or a frame.
 */
const NEWEST = 400;

/**
 * What one session remembers of its pod: conversations with ids that are hard to guess are in the
 * Host's store, others in a store of the session's own that goes with it (host.md,
 * "Conversations"). A store that fails is said in the log and never ends a chat.
 */
export class ConversationMemory implements Disposable {
  readonly #podId: string;
  readonly #store: () => ConversationStore;
  readonly #log: Logger;
  readonly #isKept: (conversationId: string) => boolean;
  #own: ConversationStore | undefined;

  /** @param isKept which conversations go into the Host's store */
  constructor(
    podId: string,
    store: () => ConversationStore,
    log: Logger,
    isKept: (conversationId: string) => boolean = isReplayableConversationId,
  ) {
    this.#podId = podId;
    this.#store = store;
    this.#log = log;
    this.#isKept = isKept;
  }

  /** The newest messages of a conversation, oldest first. */
  messages(conversationId: string): StoredMessage[] {
    return this.#attempt(
      () => this.#of(conversationId).messages(this.#podId, conversationId, { newest: NEWEST }),
    ) ?? [];
  }

  /** The newest rows, those included that others took the place of. */
  rows(conversationId: string, newest: number): StoredMessage[] {
    return this.#attempt(() =>
      this.#of(conversationId).messages(this.#podId, conversationId, { newest, which: "all" })
    ) ?? [];
  }

  /** Remembers a turn. */
  append(turn: Omit<Turn, "podId">): void {
    this.#attempt(() => this.#of(turn.conversationId).appendTurn({ ...turn, podId: this.#podId }));
  }

  /** The state that a conversation holds, for `set_state`. */
  state(conversationId: string): SharedState {
    return {
      read: () =>
        this.#attempt((): unknown => {
          const json = this.#of(conversationId).state(this.#podId, conversationId);
          return json === undefined ? undefined : JSON.parse(json);
        }),
      write: (state) => {
        const json = JSON.stringify(state);
        this.#attempt(() => this.#of(conversationId).setState(this.#podId, conversationId, json));
      },
    };
  }

  /** What a visitor who comes back is shown; undefined where nothing is remembered. */
  history(conversationId: string): History | undefined {
    const messages = this.messages(conversationId);
    const state = this.state(conversationId).read();
    if (messages.length === 0 && state === undefined) return undefined;
    return {
      messages: messages.map(({ id, role, content, status }) => ({ id, role, content, status })),
      ...(state === undefined ? {} : { state }),
    };
  }

  [Symbol.dispose](): void {
    this.#own?.[Symbol.dispose]();
  }

  #of(conversationId: string): ConversationStore {
    return this.#isKept(conversationId) ? this.#store() : this.#own ??= openMemoryStore();
  }

  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const reason = errorMessage(error);
      this.#log.error("store_failed", { reason }, `cannot use the conversation store: ${reason}`);
      return undefined;
    }
  }
}

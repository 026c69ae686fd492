import { CodedError, type Logger } from "../../base/mod.ts";
import { uuidv7 } from "../../dartc/mod.ts";
import { ConversationMemory } from "../chat/conversation_memory.ts";
import type { StopReason } from "../chat/run_chat.ts";
import type { ConversationStore, StoredMessage } from "../store/conversation_store.ts";
import type { PodRuns } from "./pod_runs.ts";

/** How the ids of the dashboard's own peers and conversations begin; no visitor may use them. */
export const LOCAL_PREFIX = "local:";

/** The one that is meant where none is named. */
const DASHBOARD = `${LOCAL_PREFIX}dashboard`;

/** What the owner asks. */
export interface LocalQuestion {
  readonly message: string;
  /** Which of the owner's own conversations: `local:…`. @default the dashboard's */
  readonly peerId?: string;
}

/** A question that was taken; the answer comes as events. */
export interface LocalChatTaken {
  readonly requestId: string;
  readonly conversationId: string;
  readonly peerId: string;
}

/** What {@linkcode LocalChat} needs. */
export interface LocalChatOptions {
  readonly podId: string;
  readonly runs: PodRuns;
  readonly conversations: () => ConversationStore;
  readonly log: Logger;
}

/** How many answers of one pod its owner may wait for at once. */
const MAX_AT_ONCE = 8;

/**
 * The owner's own chat with a pod, without a visitor's page: the same queue, model and memory, in
 * conversations whose ids begin with `local:` (host.md, "Conversations").
 */
export class LocalChat {
  readonly #options: LocalChatOptions;
  readonly #memory: ConversationMemory;
  readonly #runs = new Map<string, { abort: AbortController; done: Promise<void> }>();

  constructor(options: LocalChatOptions) {
    const { podId, conversations, log } = options;
    this.#options = options;
    this.#memory = new ConversationMemory(podId, conversations, log, () => true);
  }

  /** Takes a question. Throws {@linkcode CodedError} `rate_limited` when too many are open. */
  ask({ message, peerId = DASHBOARD }: LocalQuestion): LocalChatTaken {
    if (this.#runs.size >= MAX_AT_ONCE) {
      throw new CodedError("rate_limited", `Wait for an answer: ${MAX_AT_ONCE} are on their way`);
    }
    const requestId = uuidv7();
    const conversationId = peerId;
    const abort = new AbortController();
    const done = this.#options.runs.run({
      request: { requestId, conversationId, messages: [{ role: "user", content: message }] },
      peerId,
      visitor: LOCAL_PREFIX,
      memory: this.#memory,
      signal: abort.signal,
    }).finally(() => this.#runs.delete(requestId));
    this.#runs.set(requestId, { abort, done });
    return { requestId, conversationId, peerId };
  }

  /** What is remembered of one of the owner's own conversations. */
  messages(peerId: string): StoredMessage[] {
    return this.#memory.messages(peerId);
  }

  /** Settles when every answer is over. */
  async idle(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ done }) => done));
  }

  /** Stops every answer that is on its way. */
  stopRuns(reason: StopReason): void {
    for (const { abort } of this.#runs.values()) abort.abort(reason);
  }
}

import { Observers } from "../../ui/observers.ts";
import type { ConversationEvent } from "../api/host_event.ts";
import { Thread } from "./thread.ts";

/** So many conversations are kept in the page; one that is looked at again is fetched again. */
export const MAX_THREADS = 32;

/** The conversations in which something happened lately, or that were looked at. */
export class ThreadCache {
  /** There is a conversation that was not here before. */
  readonly changes = new Observers();
  /** The least recently used first. */
  readonly #threads = new Map<string, Thread>();
  /** The one that is looked at; it stays, however much happens elsewhere. */
  open: Thread | undefined;

  /** A conversation; it is kept before others from now on. */
  get(podId: string, conversationId: string): Thread {
    const key = `${podId}\n${conversationId}`;
    const thread = this.#threads.get(key) ?? new Thread(podId, conversationId);
    this.#threads.delete(key);
    this.#threads.set(key, thread);
    if (this.#threads.size > MAX_THREADS) {
      const oldest = [...this.#threads].find(([, one]) => one !== this.open)?.[0];
      if (oldest !== undefined) this.#threads.delete(oldest);
    }
    return thread;
  }

  /** A conversation, where it is here. */
  peek(podId: string, conversationId: string): Thread | undefined {
    return this.#threads.get(`${podId}\n${conversationId}`);
  }

  apply(event: ConversationEvent): void {
    if (event.event.type === "other") return;
    const { podId, event: { conversationId } } = event;
    const isNew = this.peek(podId, conversationId) === undefined;
    this.get(podId, conversationId).apply(event);
    if (isNew) this.changes.notify();
  }

  forget(podId: string, conversationId: string): void {
    this.#threads.delete(`${podId}\n${conversationId}`);
  }

  /** What is here may not be all; see {@linkcode Thread.markStale}. */
  markStale(why: "missed" | "restarted"): void {
    for (const thread of this.#threads.values()) thread.markStale(why);
  }
}

import type { Logger } from "../../base/mod.ts";
import { errorMessage } from "../../base/mod.ts";
import { isConflict, type NatsStores } from "../bus/nats_buckets.ts";

/** How long hits may wait to be shared, in milliseconds: a page must not wait for its counter. */
const FLUSH_AFTER_MS = 1_000;

/** Pages whose count is remembered between two flushes. */
const COUNTS_REMEMBERED = 10_000;

/** How often a page was asked for, at all brokers together; what was asked here counts at once. */
export class NatsHits {
  readonly #stores: NatsStores;
  readonly #log: Logger;
  readonly #pending = new Map<string, number>();
  /** The least that the bus has, by what we put there ourselves. */
  readonly #known = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> | undefined;

  constructor(stores: NatsStores, log: Logger) {
    this.#stores = stores;
    this.#log = log;
  }

  bump(id: string): void {
    this.#pending.set(id, (this.#pending.get(id) ?? 0) + 1);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  /** The count of a page; of the bus's part what was read last, while the bus does not answer. */
  async of(id: string): Promise<number> {
    await this.#flushing; // what is on its way would be counted twice or not at all
    const shared = await this.#read(id).catch(() => undefined);
    return Math.max(shared?.hits ?? 0, this.#known.get(id) ?? 0) + (this.#pending.get(id) ?? 0);
  }

  /** Shares what was counted here. Never rejects: what cannot be shared now is kept for later. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#flushing;
    this.#flushing = this.#flush();
    await this.#flushing;
    this.#flushing = undefined;
  }

  async #flush(): Promise<void> {
    try {
      for (const id of [...this.#pending.keys()]) await this.#add(id);
    } catch (error) {
      this.#log.warn("hits_not_shared", { error: errorMessage(error) });
    }
  }

  async #add(id: string): Promise<void> {
    while (true) {
      const count = this.#pending.get(id) ?? 0;
      const { hits, revision } = await this.#read(id);
      try {
        const { records } = await this.#stores.open();
        await records.put(keyOf(id), String(hits + count), { previousSeq: revision });
        this.#pending.set(id, (this.#pending.get(id) ?? 0) - count);
        if (this.#pending.get(id) === 0) this.#pending.delete(id);
        this.#known.set(id, hits + count);
        if (this.#known.size > COUNTS_REMEMBERED) this.#known.clear();
        return;
      } catch (error) {
        if (!isConflict(error)) throw error; // else another broker counted, too
      }
    }
  }

  async #read(id: string): Promise<{ hits: number; revision: number }> {
    const entry = await (await this.#stores.open()).records.get(keyOf(id));
    if (entry === null) return { hits: 0, revision: 0 };
    const hits = Number(entry.string());
    return { hits: Number.isSafeInteger(hits) ? hits : 0, revision: entry.revision };
  }
}

/** @param id of a page that is there: 12 characters that mean nothing to NATS */
function keyOf(id: string): string {
  return `hits.${id}`;
}

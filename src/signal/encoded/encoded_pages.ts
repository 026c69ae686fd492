import { createHash } from "node:crypto";
import { errorMessage, type Logger } from "../../base/mod.ts";
import type { PodRecord, Registry } from "../registry/registry.ts";
import { compressed, type Compression, decompressed } from "./codec.ts";
import type { EncodedBytes, EncodedStore, StoredBytes } from "./encoded_store.ts";
import { Lane } from "./lane.ts";

/** What {@linkcode EncodedPages} is made with. */
export interface EncodedPagesOptions {
  registry: Pick<Registry, "getRecord" | "getBlob">;
  store: EncodedStore;
  log: Logger;
}

/** A page up to this is compressed in milliseconds, and does not wait for larger ones. */
const QUICK_BYTES = 1024 * 1024;

/** Pages that may wait for each other, small and large. Further ones go out as they are. */
const QUICK_WAITING = 64;
const SLOW_WAITING = 2;

/** How long a page that could not be compressed goes out as it is, in milliseconds. */
const RETRY_MS = 60_000;

/** Names that are remembered, of what holds and of what failed. */
const REMEMBERED = 10_000;

/**
 * Pages, compressed when somebody first asks for it, and then kept: however many ask at once, each is
 * made once. What is handed out decompresses to just the page: that is looked at when it was made,
 * and again when it was found in a folder, left by an earlier process and by whatever happened to
 * the disk since.
 */
export class EncodedPages implements AsyncDisposable {
  readonly #registry: EncodedPagesOptions["registry"];
  readonly #store: EncodedStore;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #swept: Promise<void>;
  readonly #running = new Map<string, Promise<StoredBytes | undefined>>();
  readonly #quick = new Lane(QUICK_WAITING);
  readonly #slow = new Lane(SLOW_WAITING);
  /** The versions that hold, by name. */
  readonly #holds = new Map<string, string>();
  /** When those that failed did. */
  readonly #failed = new Map<string, number>();

  constructor(options: EncodedPagesOptions) {
    this.#registry = options.registry;
    this.#store = options.store;
    this.#log = options.log;
    this.#swept = this.#sweep();
  }

  /**
   * A page in a compression. Undefined where it cannot be had now, and has to go out as it is: the
   * page is too large to keep here, too many are being compressed, or it failed a moment ago.
   */
  get(record: PodRecord, coding: Compression): Promise<StoredBytes | undefined> {
    const name = `${record.id}.${coding}`;
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const found = this.#find(name, record, coding).catch((error) => {
      this.#fail(name, errorMessage(error));
      return undefined;
    }).finally(() => this.#running.delete(name));
    this.#running.set(name, found);
    return found;
  }

  /** Stops compressing. To be called before the registry is closed. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([this.#swept, ...this.#running.values()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #find(
    name: string,
    record: PodRecord,
    coding: Compression,
  ): Promise<StoredBytes | undefined> {
    if (record.blobSize > this.#store.maxPageBytes || this.#closing.signal.aborted) {
      return undefined;
    }
    await this.#swept;
    const found = await this.#store.get(name);
    if (found !== undefined && this.#holds.get(name) === found.version) return found;
    if (performance.now() - (this.#failed.get(name) ?? -Infinity) < RETRY_MS) return undefined;
    const lane = record.blobSize <= QUICK_BYTES ? this.#quick : this.#slow;
    return await lane.run(async () =>
      await this.#checked(name, record, coding, found) ?? await this.#make(name, record, coding)
    );
  }

  async #make(
    name: string,
    record: PodRecord,
    coding: Compression,
  ): Promise<StoredBytes | undefined> {
    const page = await this.#registry.getBlob(record.id);
    if (page === undefined) return undefined;
    await this.#store.put(name, this.#untilClosed(compressed(page, coding, record.blobSize)));
    const made = await this.#checked(name, record, coding, await this.#store.get(name));
    if (made === undefined) this.#fail(name, "it does not decompress to the page");
    return made;
  }

  /** What was found, if it decompresses to the page; it is removed where it does not. */
  async #checked(
    name: string,
    record: PodRecord,
    coding: Compression,
    found: EncodedBytes | undefined,
  ): Promise<StoredBytes | undefined> {
    const bytes = await found?.stream();
    if (found === undefined || bytes === undefined) return undefined;
    if (await this.#isPage(decompressed(bytes, coding), record)) {
      remember(this.#holds, name, found.version);
      return found;
    }
    await this.#store.remove(name);
    return undefined;
  }

  async #isPage(bytes: AsyncIterable<Uint8Array>, record: PodRecord): Promise<boolean> {
    const hash = createHash("sha256");
    let size = 0;
    try {
      for await (const chunk of this.#untilClosed(bytes)) {
        size += chunk.length;
        if (size > record.blobSize) return false;
        hash.update(chunk);
      }
    } catch (error) {
      if (this.#closing.signal.aborted) throw error;
      return false; // it does not decompress at all
    }
    return hash.digest("base64url") === record.sha256;
  }

  async *#untilClosed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#closing.signal.throwIfAborted();
      yield chunk;
    }
  }

  #fail(name: string, reason: string): void {
    if (this.#closing.signal.aborted) return;
    remember(this.#failed, name, performance.now());
    this.#log.warn("page_not_compressed", { page: name, reason });
  }

  async #sweep(): Promise<void> {
    try {
      await this.#store.sweep(async (name) => {
        this.#closing.signal.throwIfAborted();
        const id = /^([A-Za-z0-9_-]{12})\.(?:br|gzip)$/.exec(name)?.[1];
        return id !== undefined && await this.#registry.getRecord(id) !== undefined;
      });
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#log.warn("sweep_failed", { reason: errorMessage(error) });
    }
  }
}

/** Sets a value, and forgets the oldest where there are too many. */
function remember<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name);
  map.set(name, value);
  if (map.size <= REMEMBERED) return;
  const { value: oldest } = map.keys().next();
  if (oldest !== undefined) map.delete(oldest);
}

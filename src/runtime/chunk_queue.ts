import type { ChatChunk } from "./chat_types.ts";
import { MAX_WAITING_CHUNKS } from "./limits.ts";

/** The chunks of one run, from the channel to whoever loops over them. */
export interface ChunkQueue extends AsyncIterableIterator<ChatChunk> {
  /** Adds a chunk; a reader that waits has it at once. */
  push(chunk: ChatChunk): void;
  /** No more come. */
  end(): void;
  /** No more come, and the reader is to be told why. */
  fail(reason: unknown): void;
}

interface Waiting {
  resolve(result: IteratorResult<ChatChunk>): void;
  reject(reason: unknown): void;
}

/**
 * A queue for one reader. When nobody reads, neighbours of one kind are merged, so that it stays
 * about as large as the answer.
 *
 * @param onReturn called when the reader leaves before the end
 */
export function createChunkQueue(onReturn: () => void): ChunkQueue {
  const chunks: ChatChunk[] = [];
  const readers: Waiting[] = [];
  let end: { readonly reason?: unknown } | undefined;

  function push(chunk: ChatChunk): void {
    if (end !== undefined) return;
    const reader = readers.shift();
    if (reader !== undefined) return reader.resolve({ value: chunk, done: false });
    const last = chunks.at(-1);
    if (
      last !== undefined && chunks.length >= MAX_WAITING_CHUNKS && last.kind === chunk.kind &&
      last.messageId === chunk.messageId && chunk.done !== true
    ) {
      chunks[chunks.length - 1] = { ...last, delta: last.delta + chunk.delta };
    } else {
      chunks.push(chunk);
    }
  }

  function finish(how: { readonly reason?: unknown }): void {
    if (end !== undefined) return;
    end = how;
    for (const reader of readers.splice(0)) settle(reader, how);
  }

  function settle(reader: Waiting, how: { readonly reason?: unknown }): void {
    if ("reason" in how) reader.reject(how.reason);
    else reader.resolve({ value: undefined, done: true });
  }

  return {
    push,
    end: () => finish({}),
    fail: (reason) => finish({ reason }),
    next() {
      const chunk = chunks.shift();
      if (chunk !== undefined) return Promise.resolve({ value: chunk, done: false });
      return new Promise((resolve, reject) => {
        const reader = { resolve, reject };
        if (end === undefined) {
          readers.push(reader);
          return;
        }
        const how = end;
        end = {}; // a reason is told once
        settle(reader, how);
      });
    },
    return() {
      chunks.length = 0;
      if (end === undefined) onReturn();
      finish({});
      end = {};
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

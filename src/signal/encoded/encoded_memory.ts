import type { EncodedBytes, EncodedStore } from "./encoded_store.ts";

/** All that is kept, in bytes: hundreds of usual pages. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A single page, in bytes: a few of these may not push out all others. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** Keeps compressed pages in memory, and forgets the ones used longest ago. */
export function encodedMemory(maxBytes: number = MAX_BYTES): EncodedStore {
  const blobs = new Map<string, Blob>(); // in order of last use
  let bytes = 0;

  function remove(name: string): void {
    bytes -= blobs.get(name)?.size ?? 0;
    blobs.delete(name);
  }

  return {
    maxPageBytes: Math.min(MAX_PAGE_BYTES, maxBytes),
    get(name) {
      const blob = blobs.get(name);
      if (blob === undefined) return Promise.resolve(undefined);
      blobs.delete(name);
      blobs.set(name, blob);
      const found: EncodedBytes = {
        size: blob.size,
        version: "",
        stream: () => Promise.resolve(blob.stream()),
      };
      return Promise.resolve(found);
    },
    async put(name, chunks) {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const chunk of chunks) parts.push(new Uint8Array(chunk));
      const blob = new Blob(parts);
      remove(name);
      blobs.set(name, blob);
      bytes += blob.size;
      for (const oldest of blobs.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
    },
    remove: (name) => Promise.resolve(remove(name)),
    sweep: () => Promise.resolve(),
  };
}

import type { PodRecord } from "../../../src/signal/mod.ts";

/** A record as an upload makes it. */
export function podRecord(id: string, changes: Partial<PodRecord> = {}): PodRecord {
  return {
    id,
    sha256: `${id}-sha256`,
    podId: "cafe",
    name: "Café “Zoë”",
    ownerPubkey: "ab".repeat(32),
    manifestSize: 300,
    blobSize: 5,
    createdAt: "2026-11-20T12:00:00.000Z",
    hits: 0,
    scripts: { runtimes: ["cd".repeat(32)], hashes: ["aGFzaA=="] },
    ...changes,
  };
}

import type { JetStreamManager } from "@nats-io/jetstream";
import type { NatsStores } from "../bus/nats_buckets.ts";
import { anywhere, chunkSubject, INFO_SUBJECTS, readObject, STREAM } from "./nats_pages.ts";

/**
 * Removes what brokers left in the object store that ended in the middle of a page: chunks of which
 * no object knows. Those of a page that is being stored look the same, so only old ones count.
 *
 * Rejects where the bus does not answer, and as `signal` says.
 *
 * @returns how many pages were cut off
 */
export async function sweepChunks(
  stores: NatsStores,
  olderThanMs: number,
  signal?: AbortSignal,
): Promise<number> {
  const { manager } = await stores.open();
  // In this order: whatever was finished in between is known by the time that it is looked for.
  const left = new Set(await subjects(manager, chunkSubject("*")));
  for (const subject of left.size > 0 ? await subjects(manager, INFO_SUBJECTS) : []) {
    signal?.throwIfAborted();
    const info = await anywhere(manager, STREAM, subject);
    if (info !== undefined) left.delete(chunkSubject(readObject(info).nuid));
  }
  let removed = 0;
  for (const subject of left) {
    signal?.throwIfAborted();
    const last = await manager.streams.getMessage(STREAM, { last_by_subj: subject });
    if (last === null || Date.now() - last.time.getTime() < olderThanMs) continue;
    await manager.streams.purge(STREAM, { filter: subject });
    removed++;
  }
  return removed;
}

async function subjects(manager: JetStreamManager, filter: string): Promise<string[]> {
  const { state } = await manager.streams.info(STREAM, { subjects_filter: filter });
  return Object.keys(state.subjects ?? {});
}

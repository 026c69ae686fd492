import type { NatsStores } from "../bus/nats_buckets.ts";
import { chunkSubject, STREAM } from "./nats_pages.ts";

/**
 * Removes what brokers left in the object store that ended in the middle of a page: chunks of which
 * no object knows. Those of a page that is being stored look the same, so only old ones count.
 *
 * Rejects where the bus does not answer.
 *
 * @returns how many pages were cut off
 */
export async function sweepChunks(stores: NatsStores, olderThanMs: number): Promise<number> {
  const { manager, pages } = await stores.open();
  // In this order: whatever was finished in between is known by the time that it is looked for.
  const { state } = await manager.streams.info(STREAM, { subjects_filter: chunkSubject("*") });
  const known = new Set((await pages.list()).map(({ nuid }) => chunkSubject(nuid)));
  let removed = 0;
  for (const subject of Object.keys(state.subjects ?? {})) {
    if (known.has(subject)) continue;
    const last = await manager.streams.getMessage(STREAM, { last_by_subj: subject });
    if (last === null || Date.now() - last.time.getTime() < olderThanMs) continue;
    await manager.streams.purge(STREAM, { filter: subject });
    removed++;
  }
  return removed;
}

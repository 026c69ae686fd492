import type { StoredMsg } from "@nats-io/jetstream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { errorMessage, type Logger } from "../../base/mod.ts";
import { podToken } from "../bus/names.ts";
import { isConflict, type NatsStores, RECORDS } from "../bus/nats_buckets.ts";
import { ignoreMissing } from "../ignore_missing.ts";
import { NatsHits } from "./nats_hits.ts";
import { anywhere, hasPage, putPage, readPage, removePage } from "./nats_pages.ts";
import { persist } from "./nats_retry.ts";
import { sweepChunks } from "./nats_sweep.ts";
import type { PodRecord, Registry, SpooledPage } from "./registry.ts";
import { idTaken } from "./storage_errors.ts";

/** Options of {@linkcode natsRegistry}. */
export interface NatsRegistryOptions {
  log: Logger;
  /** @default a folder of its own among the temporary ones, gone with the broker */
  spoolDir?: string;
}

/** How often, and how old, in milliseconds, what is left of a page that was cut off is removed. */
const SWEEP_MS = 60 * 60_000;

/** Nothing else is ever part of a key: `.`, `*` and `>` mean something to NATS. */
const ID = /^[A-Za-z0-9_-]{12}$/;

const STREAM = `KV_${RECORDS}`;

const storedRecord = z.object({
  /** The page's name in the object store. */
  page: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  record: z.object({
    id: z.string().regex(ID),
    sha256: z.string(),
    podId: z.string(),
    name: z.string(),
    ownerPubkey: z.string(),
    manifestSize: z.number(),
    blobSize: z.number(),
    createdAt: z.string(),
    scripts: z.object({ runtimes: z.array(z.string()), hashes: z.array(z.string()) }).nullable(),
  }),
});

type StoredRecord = z.infer<typeof storedRecord>;

/**
 * A registry that brokers share: records and claims in a key-value bucket of JetStream, pages in its
 * object store. A page is whole before its record is there, and neither ever changes, but where a
 * page was lost and comes again; so any node may be read, and a page is served while the nodes elect
 * a leader.
 */
export function natsRegistry(stores: NatsStores, options: NatsRegistryOptions): Registry {
  const hits = new NatsHits(stores, options.log);
  const ownSpool = join(tmpdir(), `gemmapod-signal-${crypto.randomUUID()}`);
  const closing = new AbortController();
  let closed: Promise<void> | undefined;

  async function find(id: string): Promise<StoredRecord | undefined> {
    if (!ID.test(id)) return undefined;
    const message = await read(`record.${id}`);
    return message && storedRecord.parse(message.json());
  }

  /** Puts a page in the place of one that was lost. */
  async function replace(lost: StoredRecord, page: SpooledPage): Promise<void> {
    const name = await putPage(stores, page);
    const value = JSON.stringify({ ...lost, page: name });
    await persist(async () =>
      await (await stores.open()).records.put(`record.${lost.record.id}`, value)
    );
  }

  /** The value of a key that never changes once it is there. */
  async function read(key: string): Promise<StoredMsg | undefined> {
    return await persist(async () =>
      await anywhere((await stores.open()).manager, STREAM, `$KV.${RECORDS}.${key}`)
    );
  }

  /** Writes a key that nobody has written; false where somebody has. */
  async function create(key: string, value: string): Promise<boolean> {
    return await persist(async () => {
      try {
        await (await stores.open()).records.put(key, value, { previousSeq: 0 });
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    });
  }

  async function owner(podId: string): Promise<string | undefined> {
    return (await read(`owner.${podToken(podId)}`))?.string();
  }

  async function sweep(): Promise<void> {
    try {
      const pages = await sweepChunks(stores, SWEEP_MS, closing.signal);
      if (pages > 0) options.log.info("orphans_removed", { pages });
    } catch (error) {
      if (!closing.signal.aborted) options.log.warn("sweep_failed", { error: errorMessage(error) });
    }
  }

  async function close(): Promise<void> {
    clearInterval(timer);
    closing.abort();
    await sweeping;
    await hits.flush();
    if (options.spoolDir !== undefined) return;
    await Deno.remove(ownSpool, { recursive: true }).catch(ignoreMissing);
  }

  let sweeping = sweep();
  const timer = setInterval(() => sweeping = sweeping.then(sweep), SWEEP_MS);
  Deno.unrefTimer(timer);
  const closeOnce = () => closed ??= close();
  return {
    name: "nats",
    spoolDir: options.spoolDir ?? ownSpool,
    async putPod(record, page) {
      const known = await find(record.id);
      if (known !== undefined) {
        refuseOther(known.record, record);
        if (!await hasPage(stores, known.page)) await replace(known, page);
        return;
      }
      const name = await putPage(stores, page);
      const { hits: _hits, ...kept } = record;
      const value = JSON.stringify({ page: name, record: kept });
      if (await create(`record.${record.id}`, value)) return;
      // It was there in the meantime: by another upload, or by ours, whose answer was lost.
      const winner = await find(record.id);
      if (winner?.page === name) return;
      await removePage(stores, name);
      if (winner !== undefined) refuseOther(winner.record, record);
    },
    async getRecord(id) {
      const found = await find(id);
      return found && { ...found.record, hits: await hits.of(id) };
    },
    async getBlob(id) {
      const found = await find(id);
      return found && await readPage(stores, found.page);
    },
    async bumpHits(id) {
      if (await find(id) !== undefined) hits.bump(id);
    },
    async claim(podId, ownerPubkey) {
      await create(`owner.${podToken(podId)}`, ownerPubkey);
      return await owner(podId) ?? ownerPubkey;
    },
    owner,
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

function refuseOther(known: { sha256: string }, record: PodRecord): void {
  if (known.sha256 !== record.sha256) throw idTaken(record.id);
}

import { JetStreamApiError, type JetStreamManager, type StoredMsg } from "@nats-io/jetstream";
import * as z from "zod";
import { newName } from "../bus/names.ts";
import { type NatsStores, PAGES } from "../bus/nats_buckets.ts";
import { persist } from "./nats_retry.ts";
import type { SpooledPage } from "./registry.ts";
import { storageFull } from "./storage_errors.ts";

/** The stream of an object store, and the subjects of its chunks (NATS ADR-20). */
export const STREAM = `OBJ_${PAGES}`;
export const chunkSubject = (nuid: string): string => `$O.${PAGES}.C.${nuid}`;
export const INFO_SUBJECTS = `$O.${PAGES}.M.>`;
const infoSubject = (name: string) => `$O.${PAGES}.M.${encodeName(name)}`;

const objectInfo = z.object({
  nuid: z.string().regex(/^[A-Za-z0-9]+$/),
  size: z.int().min(0),
  chunks: z.int().min(0),
  deleted: z.boolean().optional(),
});

/** What the object store knows of a page. */
export type PageObject = z.infer<typeof objectInfo>;

/** Reads a message of {@linkcode INFO_SUBJECTS}. */
export function readObject(message: StoredMsg): PageObject {
  return objectInfo.parse(message.json());
}

/**
 * What JetStream answers where there is no room (`server/errors.json` of nats-server): limits of the
 * account, of the nodes, of their storage, of the bucket.
 */
const NO_ROOM: readonly number[] = [10002, 10023, 10047, 10077];

/** Stores a page under a name of its own, which is returned. Rejects with `storage_full`. */
export async function putPage(stores: NatsStores, page: SpooledPage): Promise<string> {
  return await persist(async () => {
    const { pages } = await stores.open();
    const name = newName(); // each time: nobody reads what was cut off
    try {
      await pages.put({ name }, await page.stream());
    } catch (error) {
      if (error instanceof JetStreamApiError && NO_ROOM.includes(error.code)) {
        throw storageFull(error);
      }
      throw error;
    }
    return name;
  });
}

/** Forgets a page. */
export async function removePage(stores: NatsStores, name: string): Promise<void> {
  await persist(async () => await (await stores.open()).pages.delete(name));
}

/**
 * The bytes of a page, chunk by chunk as they are read; undefined where there are none.
 *
 * The library's own reader is a consumer: it holds a whole page of 50 MiB for whoever reads slowly,
 * and ends with the NATS node that led it. Here each chunk is asked of any node that has it.
 */
export async function readPage(
  stores: NatsStores,
  name: string,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
  const object = await find(stores, name);
  if (object === undefined) return undefined;
  const { nuid, chunks } = object;
  let left = chunks;
  let seq = 1;
  return new ReadableStream({
    async pull(controller) {
      if (left === 0) return controller.close();
      const chunk = await persist(async () => {
        const { manager } = await stores.open();
        const query = { seq, next_by_subj: chunkSubject(nuid) };
        const found = await manager.direct.getMessage(STREAM, query);
        // A node may be behind the one that said that the page is whole.
        if (found === null) throw new Error("the chunk is not here yet");
        return found;
      });
      seq = chunk.seq + 1;
      left--;
      controller.enqueue(new Uint8Array(chunk.data));
      if (left === 0) controller.close();
    },
  }, { highWaterMark: 0 });
}

/** Whether a page is there, with every chunk of it. */
export async function hasPage(stores: NatsStores, name: string): Promise<boolean> {
  const object = await find(stores, name);
  if (object === undefined) return false;
  const subject = chunkSubject(object.nuid);
  return await persist(async () => {
    const { manager } = await stores.open();
    const { state } = await manager.streams.info(STREAM, { subjects_filter: subject });
    return (state.subjects?.[subject] ?? 0) === object.chunks;
  });
}

async function find(stores: NatsStores, name: string): Promise<PageObject | undefined> {
  const info = await persist(async () => {
    const { manager } = await stores.open();
    return await anywhere(manager, STREAM, infoSubject(name));
  });
  const object = info && readObject(info);
  return object?.deleted ? undefined : object;
}

/**
 * The last message of a subject, of any node, else of the leader: what any node has was stored, but
 * only the leader can say that there is nothing. For what never changes once it is there.
 */
export async function anywhere(
  manager: JetStreamManager,
  stream: string,
  subject: string,
): Promise<StoredMsg | undefined> {
  const near = await manager.direct.getMessage(stream, { last_by_subj: subject }).catch(() => null);
  const found = near ?? await manager.streams.getMessage(stream, { last_by_subj: subject });
  return found ?? undefined;
}

/** As NATS writes the name of an object into its subject: base64url with padding. */
function encodeName(name: string): string {
  return btoa(name).replaceAll("+", "-").replaceAll("/", "_");
}

import { join } from "node:path";
import * as z from "zod";
import { createLogger, errorMessage, type Logger } from "../../base/mod.ts";
import { Gate } from "../gate.ts";
import { ignoreMissing } from "../ignore_missing.ts";
import { PAGE_SCRIPTS_RULES, pageScripts } from "../page_scripts.ts";
import { takeDataFolder } from "./data_folder.ts";
import { moveDurably } from "./durable_file.ts";
import type { PageScripts, PodRecord, Registry } from "./registry.ts";
import { durably, openBrokerDatabase } from "./sqlite_schema.ts";
import { idTaken, isStorageFull, storageFull } from "./storage_errors.ts";
import { sweepFolder, writtenAt } from "./sweep_folder.ts";

/** Options of {@linkcode sqliteRegistry}. */
export interface SqliteRegistryOptions {
  /** Told of pages that are lost and of what was swept away. */
  log?: Logger;
  /**
   * How often what nobody knows is removed, in milliseconds.
   * @default an hour
   */
  sweepMs?: number;
}

/** Seldom: it is there after a removal that failed. */
const SWEEP_MS = 60 * 60_000;

/** A spooled upload that was not written to for so long has nobody: it may take 10 minutes. */
const SPOOL_MAX_AGE_MS = 60 * 60_000;

/** A page's file, and what an earlier version or a crash may have left beside it. */
const BLOB = /^([A-Za-z0-9_-]{12})\.html$/;
const OURS = /^(?:[A-Za-z0-9_-]{12}\.html|\.[0-9a-f-]{36}\.tmp)$/;

const podRow = z.object({
  id: z.string(),
  sha256: z.string(),
  pod_id: z.string(),
  name: z.string(),
  owner_pubkey: z.string(),
  manifest_size: z.number(),
  blob_size: z.number(),
  created_at: z.string(),
  hits: z.number(),
  scripts: z.string().nullable(),
});

const scriptsJson = z.object({ runtimes: z.array(z.string()), hashes: z.array(z.string()) });
const ownerRow = z.object({ owner_pubkey: z.string() });
const countRow = z.object({ pods: z.number() });
const idRow = z.object({ id: z.string() });

/**
 * A registry that outlives its process: one database, and the pages as files beside it. A page is
 * synced and renamed to its name before its row is written and synced, so that a row never names a
 * page that a crash cut off; what has no row is swept away, at the start and every hour.
 *
 * Rejects with `CodedError` `bad_data_dir` for a folder that cannot be used.
 */
export async function sqliteRegistry(
  path: string,
  options: SqliteRegistryOptions = {},
): Promise<Registry> {
  const log = options.log ?? createLogger({ name: "signal" });
  await using opening = new AsyncDisposableStack();
  const folder = await takeDataFolder(path);
  opening.defer(() => folder.release());
  const database = openBrokerDatabase(path, join(path, "broker.sqlite"));
  opening.defer(() => database.close());
  const blobPath = (id: string) => join(folder.blobs, `${id}.html`);

  // Prepared once: preparing costs more than running them.
  const insertPod = database.prepare(
    `INSERT INTO pods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${PAGE_SCRIPTS_RULES})`,
  );
  const selectPod = database.prepare("SELECT * FROM pods WHERE id = ?");
  const updateHits = database.prepare("UPDATE pods SET hits = hits + 1 WHERE id = ?");
  const countPods = database.prepare("SELECT count(*) AS pods FROM pods");
  const insertClaim = database.prepare("INSERT OR IGNORE INTO claims VALUES (?, ?)");
  const selectClaim = database.prepare("SELECT owner_pubkey FROM claims WHERE pod_id = ?");
  const selectIds = database.prepare("SELECT id FROM pods");
  const selectOutdated = database.prepare("SELECT id FROM pods WHERE scripts_rules <> ?");
  const updateScripts = database.prepare(
    "UPDATE pods SET scripts = ?, scripts_rules = ? WHERE id = ?",
  );

  /** One page is stored at a time, and never while orphans are looked for. */
  const storing = new Gate();
  const lost = new Set<string>();

  function getRecord(id: string): PodRecord | undefined {
    const row = selectPod.get(id);
    return row === undefined ? undefined : readRow(row);
  }

  function owner(podId: string): string | undefined {
    const row = selectClaim.get(podId);
    return row === undefined ? undefined : ownerRow.parse(row).owner_pubkey;
  }

  /** The file of a page, undefined where it is gone or not what was stored. */
  async function openBlob(record: PodRecord): Promise<Deno.FsFile | undefined> {
    const file = await Deno.open(blobPath(record.id)).catch(ignoreMissing);
    const size = (await file?.stat())?.size;
    if (size === record.blobSize) return file;
    file?.close();
    sayLost(record.id);
    return undefined;
  }

  function sayLost(id: string): void {
    if (lost.has(id)) return;
    lost.add(id);
    log.error("page_lost", { id }, `the page ${id} is lost or damaged: upload it again`);
  }

  async function store(record: PodRecord, spooled: string): Promise<void> {
    const known = getRecord(record.id);
    if (known !== undefined && known.sha256 !== record.sha256) throw idTaken(record.id);
    if (known !== undefined) {
      using file = await openBlob(known);
      if (file !== undefined) return;
    }
    try {
      await moveDurably(spooled, blobPath(record.id), folder.blobs);
      if (known === undefined) durably(database, () => insert(record));
      lost.delete(record.id);
    } catch (error) {
      if (known === undefined) await Deno.remove(blobPath(record.id)).catch(ignoreMissing);
      throw isStorageFull(error) ? storageFull(error) : error;
    }
  }

  function insert(record: PodRecord): void {
    const { id, sha256, podId, name, ownerPubkey, manifestSize, blobSize, createdAt, hits } =
      record;
    insertPod.run(
      ...[id, sha256, podId, name, ownerPubkey, manifestSize, blobSize, createdAt, hits],
      scriptsText(record.scripts),
    );
  }

  /** Removes what has no row or no upload; returns the names of the pages that are there. */
  async function sweep(): Promise<ReadonlySet<string>> {
    const blobs = await sweepFolder(folder.blobs, (name) => {
      if (!OURS.test(name)) return true; // nothing of ours
      const id = BLOB.exec(name)?.[1];
      return id !== undefined && selectPod.get(id) !== undefined;
    });
    const before = Date.now() - SPOOL_MAX_AGE_MS;
    const spool = await sweepFolder(
      folder.spool,
      async (name) => await writtenAt(join(folder.spool, name)) > before,
    );
    sayRemoved(blobs.removed.length + spool.removed.length);
    return blobs.kept;
  }

  function sayRemoved(files: number): void {
    if (files > 0) log.info("orphans_removed", { files });
  }

  /** What an earlier process left: its unfinished uploads, and rows that lost their page. */
  async function start(): Promise<void> {
    const { removed } = await sweepFolder(folder.spool, () => false);
    sayRemoved(removed.length);
    const blobs = await sweep();
    for (const row of selectIds.iterate()) {
      const { id } = idRow.parse(row);
      if (!blobs.has(`${id}.html`)) sayLost(id);
    }
    for (const row of selectOutdated.all(PAGE_SCRIPTS_RULES)) {
      const { id } = idRow.parse(row);
      const page = await Deno.readFile(blobPath(id)).catch(ignoreMissing);
      const scripts = page === undefined ? null : pageScripts(page);
      updateScripts.run(scriptsText(scripts), PAGE_SCRIPTS_RULES, id);
    }
  }

  await start();
  let sweeping = false;
  const timer = setInterval(async () => {
    if (sweeping) return; // behind what is being stored
    sweeping = true;
    await storing.run(sweep)
      .catch((error) => log.warn("sweep_failed", { error: errorMessage(error) }));
    sweeping = false;
  }, options.sweepMs ?? SWEEP_MS);
  Deno.unrefTimer(timer);
  const open = opening.move();

  /** After what is being stored; a second time it does nothing. */
  function close(): Promise<void> {
    clearInterval(timer);
    return storing.run(() => open.disposeAsync());
  }

  return {
    name: "sqlite",
    spoolDir: folder.spool,
    encodedDir: join(path, "encoded"),
    putPod: (record, page) => storing.run(() => store(record, page.path)),
    getRecord,
    async getBlob(id) {
      const record = getRecord(id); // so that no id is ever part of a path
      return record && (await openBlob(record))?.readable;
    },
    bumpHits(id) {
      try {
        updateHits.run(id);
      } catch (error) {
        log.warn("hit_not_counted", { id, error: errorMessage(error) }); // but the page is served
      }
    },
    claim(podId, ownerPubkey) {
      const claimed = owner(podId);
      if (claimed !== undefined) return claimed;
      try {
        durably(database, () => insertClaim.run(podId, ownerPubkey));
      } catch (error) {
        throw isStorageFull(error) ? storageFull(error) : error;
      }
      return owner(podId) ?? ownerPubkey;
    },
    owner,
    count: () => countRow.parse(countPods.get()).pods,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function scriptsText(scripts: PageScripts | null): string | null {
  return scripts === null ? null : JSON.stringify(scripts);
}

function readRow(row: unknown): PodRecord {
  const pod = podRow.parse(row);
  return {
    id: pod.id,
    sha256: pod.sha256,
    podId: pod.pod_id,
    name: pod.name,
    ownerPubkey: pod.owner_pubkey,
    manifestSize: pod.manifest_size,
    blobSize: pod.blob_size,
    createdAt: pod.created_at,
    hits: pod.hits,
    scripts: pod.scripts === null ? null : scriptsJson.parse(JSON.parse(pod.scripts)),
  };
}

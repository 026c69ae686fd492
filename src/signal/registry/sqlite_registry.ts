import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { CodedError, errorMessage } from "../../base/mod.ts";
import { writeFileAtomic } from "../../base/native.ts";
import type { PodRecord, Registry } from "./registry.ts";

/** `PRAGMA user_version` of a database that this build writes. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
CREATE TABLE pods (
  id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  pod_id TEXT NOT NULL,
  name TEXT NOT NULL,
  owner_pubkey TEXT NOT NULL,
  manifest_size INTEGER NOT NULL,
  blob_size INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  hits INTEGER NOT NULL,
  scripts TEXT
) STRICT;
CREATE TABLE claims (
  pod_id TEXT PRIMARY KEY,
  owner_pubkey TEXT NOT NULL
) STRICT;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

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

/**
 * A registry that outlives its process: one database, and the pages as files beside it. A page is
 * written to a temporary name, synced and renamed before its row is, so that no row names a page
 * that a crash cut off.
 *
 * Rejects with {@linkcode CodedError} `bad_data_dir` for a folder that cannot be used.
 */
export async function sqliteRegistry(folder: string): Promise<Registry> {
  const blobs = join(folder, "blobs");
  const database = await open(folder, blobs);
  const blobPath = (id: string) => join(blobs, `${id}.html`);

  // Prepared once: preparing costs more than running them.
  const insertPod = database.prepare(
    "INSERT OR IGNORE INTO pods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const selectPod = database.prepare("SELECT * FROM pods WHERE id = ?");
  const updateHits = database.prepare("UPDATE pods SET hits = hits + 1 WHERE id = ?");
  const insertClaim = database.prepare("INSERT OR IGNORE INTO claims VALUES (?, ?)");
  const selectClaim = database.prepare("SELECT owner_pubkey FROM claims WHERE pod_id = ?");

  function getRecord(id: string): PodRecord | undefined {
    const row = selectPod.get(id);
    return row === undefined ? undefined : readRow(row);
  }

  function owner(podId: string): string | undefined {
    const row = selectClaim.get(podId);
    return row === undefined ? undefined : ownerRow.parse(row).owner_pubkey;
  }

  return {
    name: "sqlite",
    async putPod(record, blob) {
      if (getRecord(record.id) !== undefined) return;
      await writeFileAtomic(blobPath(record.id), blob);
      insertPod.run(
        record.id,
        record.sha256,
        record.podId,
        record.name,
        record.ownerPubkey,
        record.manifestSize,
        record.blobSize,
        record.createdAt,
        record.hits,
        record.scripts === null ? null : JSON.stringify(record.scripts),
      );
    },
    getRecord,
    async getBlob(id) {
      if (getRecord(id) === undefined) return undefined; // so that no id is ever part of a path
      return (await Deno.open(blobPath(id))).readable;
    },
    bumpHits: (id) => void updateHits.run(id),
    claim(podId, ownerPubkey) {
      insertClaim.run(podId, ownerPubkey);
      return owner(podId) ?? ownerPubkey;
    },
    owner,
    close: () => database.close(),
    [Symbol.asyncDispose]() {
      database.close();
      return Promise.resolve();
    },
  };
}

async function open(folder: string, blobs: string): Promise<DatabaseSync> {
  try {
    await Deno.mkdir(blobs, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(join(folder, "broker.sqlite"));
    // Without a busy timeout a second process's write fails at once (pitfalls.md).
    database.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    );
    migrate(database);
    return database;
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw new CodedError(
      "bad_data_dir",
      `Cannot use the data folder ${folder}: ${errorMessage(cause)}`,
      { cause },
    );
  }
}

function migrate(database: DatabaseSync): void {
  const { user_version: version } = z.object({ user_version: z.number() })
    .parse(database.prepare("PRAGMA user_version").get());
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
  else if (version !== SCHEMA_VERSION) {
    database.close();
    throw new CodedError(
      "bad_data_dir",
      `Cannot use the data folder: its database has version ${version}, ` +
        `this build knows ${SCHEMA_VERSION}`,
    );
  }
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

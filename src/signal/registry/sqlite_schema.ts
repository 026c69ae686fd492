import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { errorMessage } from "../../base/mod.ts";
import { badDataDir } from "./data_folder.ts";

/** `PRAGMA user_version` of a database that this build writes. */
export const SCHEMA_VERSION = 2;

/**
 * The steps from one version to the next: step `n` makes version `n + 1` of version `n`. A step is
 * never edited once it is released; a new one follows it.
 */
const MIGRATIONS: readonly string[] = [
  `
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
  `,
  // By which rules "scripts" was decided; see page_scripts.ts.
  `ALTER TABLE pods ADD COLUMN scripts_rules INTEGER NOT NULL DEFAULT 1;`,
];

/** How long a write waits for another process, as the `sqlite3` shell; SQLite's default is none. */
const BUSY_TIMEOUT_MS = 5_000;

const versionRow = z.object({ user_version: z.number() });
const checkRow = z.object({ quick_check: z.string() });

/**
 * Opens a broker's database at the newest schema. Commits outlive the process; to outlive the
 * machine's end as well, they go through {@linkcode durably}.
 *
 * Throws `CodedError` `bad_data_dir` for a database that is damaged, or newer than this build.
 */
export function openBrokerDatabase(folder: string, path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    const version = versionOf(database); // before anything writes to it
    if (version > SCHEMA_VERSION) {
      throw badDataDir(
        folder,
        `its database has version ${version}, this build knows ${SCHEMA_VERSION}: ` +
          "update gemmapod-signal, or name another folder",
      );
    }
    const { quick_check: found } = checkRow.parse(
      database.prepare("PRAGMA quick_check(1)").get(),
    );
    if (found !== "ok") throw new Error(found);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    migrate(database, version);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof Error && "code" in cause && cause.code === "bad_data_dir") throw cause;
    const reason = errorMessage(cause);
    throw badDataDir(folder, isDamage(reason) ? damaged(reason) : reason, cause);
  }
}

/** Runs writes whose commit is on the disk when this returns, and not only with the system. */
export function durably(database: DatabaseSync, write: () => void): void {
  database.exec("PRAGMA synchronous = FULL"); // WAL: the log is synced at each commit
  try {
    write();
  } finally {
    database.exec("PRAGMA synchronous = NORMAL");
  }
}

function versionOf(database: DatabaseSync): number {
  return versionRow.parse(database.prepare("PRAGMA user_version").get()).user_version;
}

function migrate(database: DatabaseSync, from: number): void {
  if (from === SCHEMA_VERSION) return;
  durably(database, () => {
    database.exec(
      `BEGIN IMMEDIATE; ${MIGRATIONS.slice(from).join("")}
      PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
    );
  });
}

/** What SQLite says of a file that is not, or no longer, one of its own. */
function isDamage(reason: string): boolean {
  return /not a database|malformed|corrupt|\*\*\* in database|Tree \d+/.test(reason);
}

function damaged(reason: string): string {
  return `its database is damaged (${reason.replaceAll("\n", " ")}): ` +
    "put back a copy of the folder, or move broker.sqlite away and upload the pages again";
}

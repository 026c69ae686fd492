import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { CodedError } from "../../base/mod.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "./schema.ts";

/** How long a write waits for another process that is writing, in milliseconds; SQLite's own
 * default is not to wait at all. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Where the header of a file has its `user_version`, big-endian (SQLite file format, 1.3). */
const USER_VERSION_AT = 60;

/**
 * Opens the Host's database, of mode 0600, at the newest schema. WAL lets readers (`gemmapod
 * memory`, the `sqlite3` shell) work while the Host writes, and with it `synchronous=NORMAL` loses
 * nothing that was committed when the process is killed.
 *
 * Throws {@linkcode CodedError} `newer_database`, or what SQLite or the file system throws.
 *
 * @param busyMs how long it waits for another process, now and at each write, in milliseconds
 */
export function openDatabase(path: string, busyMs: number = BUSY_TIMEOUT_MS): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  lookInto(path);
  if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${busyMs}`);
    refuseNewer(versionOf(database)); // of a Host that was killed it may be in the -wal alone
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
    `);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The files, by device and inode, that this process has looked into. SQLite may have them open since,
 * and POSIX drops all locks of a process on a file as soon as it closes any descriptor of it
 * (sqlite.org/howtocorrupt.html, 2.2): the next program to close the database would then take itself
 * for the last, and delete the -wal that this process goes on writing to.
 */
const lookedInto = new Set<string>();

/** Makes a database's file its owner's alone, and looks at its version before SQLite has it. */
function lookInto(path: string): void {
  const before = identityOf(path);
  if (before !== undefined && lookedInto.has(before)) return;
  {
    // SQLite would make the file readable by others; its -wal and -shm take the mode of this one.
    using file = Deno.openSync(path, { create: true, read: true, write: true, mode: 0o600 });
    refuseNewer(versionInHeader(file)); // SQLite would write to it
  }
  const now = identityOf(path);
  if (now !== undefined) lookedInto.add(now);
}

/** What a file is, whatever its name; undefined where it is not there or the system does not tell. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return ino === null ? undefined : `${dev}:${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function versionInHeader(file: Deno.FsFile): number {
  const header = new Uint8Array(USER_VERSION_AT + 4);
  const size = file.readSync(header) ?? 0;
  return size < header.length ? 0 : new DataView(header.buffer).getUint32(USER_VERSION_AT);
}

function versionOf(database: DatabaseSync): number {
  return z.object({ user_version: z.number() })
    .parse(database.prepare("PRAGMA user_version").get()).user_version;
}

function refuseNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new CodedError(
    "newer_database",
    `Cannot use the database: it has version ${version}, this build knows ${SCHEMA_VERSION}. ` +
      "Update gemmapod, or name another file with GEMMAPOD_HOST_DB",
  );
}

function migrate(database: DatabaseSync): void {
  if (versionOf(database) === SCHEMA_VERSION) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const from = versionOf(database); // another process may have been quicker
    refuseNewer(from);
    for (const step of MIGRATIONS.slice(from)) database.exec(step);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CodedError, errorMessage } from "../../base/mod.ts";

/** A broker's folder, while it is this process's. */
export interface DataFolder {
  readonly path: string;
  /** Where pages are. */
  readonly blobs: string;
  /** Where uploads are while they come in. */
  readonly spool: string;
  /** Lets another broker have it. */
  release(): void;
}

/** How long a broker waits for the one before it, which may be ending, in milliseconds. */
const WAIT_FOR_PREDECESSOR_MS = 3_000;

/**
 * Takes a folder for this process alone, and makes it where it is not there.
 *
 * Two brokers in one folder would sweep away each other's uploads. The lock is SQLite's on a file
 * of its own: every system gives it back when a process ends, however it does.
 *
 * Rejects with {@linkcode CodedError} `bad_data_dir` where it cannot be used or is in use.
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  const blobs = join(path, "blobs");
  const spool = join(path, "spool");
  try {
    await Deno.mkdir(blobs, { recursive: true, mode: 0o700 });
    await Deno.mkdir(spool, { recursive: true, mode: 0o700 });
    for (const folder of [path, blobs, spool]) await tryToWrite(folder);
  } catch (cause) {
    throw badDataDir(path, whyNot(cause), cause);
  }
  const lock = takeLock(path);
  return { path, blobs, spool, release: () => lock.close() };
}

/** The error that says why a data folder is not used. */
export function badDataDir(path: string, reason: string, cause?: unknown): CodedError {
  return new CodedError("bad_data_dir", `Cannot use the data folder ${path}: ${reason}`, { cause });
}

/** Without a byte: a broker whose disk is full still serves what it has. */
async function tryToWrite(folder: string): Promise<void> {
  const probe = join(folder, `.${crypto.randomUUID()}.tmp`);
  (await Deno.open(probe, { write: true, createNew: true, mode: 0o600 })).close();
  await Deno.remove(probe);
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not write there";
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return "it is not a folder";
  }
  return errorMessage(error);
}

function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(path, "in-use.lock"));
    lock.exec(`PRAGMA busy_timeout = ${WAIT_FOR_PREDECESSOR_MS}; BEGIN EXCLUSIVE`);
    return lock;
  } catch (cause) {
    lock?.close();
    const reason = errorMessage(cause);
    throw badDataDir(path, /locked/.test(reason) ? "another broker is using it" : reason, cause);
  }
}

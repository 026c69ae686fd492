import { CodedError, errorMessage } from "../../base/mod.ts";

/** What systems say where a file finds no room: a full disk, a quota, a limit of the process. */
const FULL_CODES: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/** SQLite's words for it, and Linux's for a file that may not grow: neither has a code in Deno. */
const FULL_MESSAGES = /database or disk is full|\(os error (?:27|28|122)\)/;

/** Whether something failed for want of room. */
export function isStorageFull(error: unknown): boolean {
  if (error instanceof CodedError) return error.code === "storage_full";
  if (!(error instanceof Error)) return false;
  return ("code" in error && FULL_CODES.includes(error.code)) || FULL_MESSAGES.test(error.message);
}

/** What a registry rejects with that has no room for a page. */
export function storageFull(cause: unknown): CodedError {
  return new CodedError("storage_full", `There is no room for the page: ${errorMessage(cause)}`, {
    cause,
  });
}

/** What a registry rejects with where other bytes have an id. */
export function idTaken(id: string): CodedError {
  return new CodedError("id_taken", `Cannot store the page: another one has the id ${id}`);
}

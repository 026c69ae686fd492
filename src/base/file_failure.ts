/** What the codes of the operating system mean (errno(3)), as the end of a sentence. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  EACCES: "you may not (permission denied)",
  EPERM: "you may not (permission denied)",
  EEXIST: "a file of that name is in the way",
  ENOTDIR: "a part of its path is a file, not a folder",
  EISDIR: "it is a folder",
  ENOTEMPTY: "the folder is not empty",
  ENOSPC: "there is no space left",
  EDQUOT: "there is no space left for you",
  EROFS: "it can only be read there",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
};

/**
 * Why a file could not be used, as the end of a sentence: the platform's own words name system calls
 * and numbers. Undefined for what is no failure of a file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { whyNoFile } from "./file_failure.ts";
 *
 * const error = await Deno.readTextFile("no such file").catch((error) => error);
 * assert.equal(whyNoFile(error), "it is not there");
 * assert.equal(whyNoFile(new Error("something else")), undefined);
 * ```
 */
export function whyNoFile(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) {
    return undefined;
  }
  return Object.hasOwn(MEANINGS, error.code) ? MEANINGS[error.code] : undefined;
}

/**
 * The whole sentence for a failure that nobody has put into words: which file, and why. Undefined
 * where it is none of a file, or does not say of which.
 */
export function fileFailure(error: unknown): string | undefined {
  const why = whyNoFile(error);
  const [, path] = /'([^']+)'$/.exec(error instanceof Error ? error.message : "") ??
    [];
  return why === undefined || path === undefined ? undefined : `Cannot use ${path}: ${why}`;
}

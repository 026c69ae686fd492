import { CodedError, errorMessage, fromBase64, type Logger, toHex } from "../base/mod.ts";

/** Hashes that an operator trusts, as they stand now. */
export interface TrustList {
  /** SHA-256 in hex. */
  hashes(): Promise<ReadonlySet<string>>;
}

/** More than any list has; a larger file was named by mistake. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * A file that changed this short a while before it was read may have changed again since, without
 * another time to show for it: some file systems count in whole seconds.
 */
const CLOCK_GRAIN_MS = 2_000;

/**
 * The hashes of a file (`--trust-runtimes`), one a line, which may change while the broker runs: it
 * is looked at each time it is asked for. A list that cannot be read any more, or not as a whole, is
 * said in the log, once for each change, and what was read last stays.
 *
 * Rejects with {@linkcode CodedError} `bad_trust_list` for one that cannot be read at first.
 */
export async function openTrustList(path: string, log: Logger): Promise<TrustList> {
  let { stamp, hashes } = await read(path).catch((error) => {
    throw refusal(path, error);
  });
  let complaint = "";
  log.info("runtimes_trusted", { hashes: hashes.size });

  async function look(): Promise<ReadonlySet<string>> {
    try {
      if (stamp === await stampOf(path)) return hashes;
      const before = hashes.size;
      ({ stamp, hashes } = await read(path));
      if (complaint !== "" || hashes.size !== before) {
        log.info("runtimes_trusted", { hashes: hashes.size });
      }
      complaint = "";
    } catch (error) {
      const { message } = refusal(path, error);
      if (message !== complaint) {
        log.error("runtimes_kept", { hashes: hashes.size, error: message });
      }
      complaint = message;
    }
    return hashes;
  }

  let looking: Promise<ReadonlySet<string>> | undefined;
  return { hashes: () => looking ??= look().finally(() => looking = undefined) };
}

/**
 * The hashes of a list: SHA-256 in hex, or in base64 with or without `sha256-` before it, one a
 * line. What follows a `#` is a comment.
 *
 * Throws `SyntaxError` that names the line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseTrustList } from "./trust_list.ts";
 *
 * const list = `# 0.7.0
 * sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=   # the bundle
 * `;
 * const [hash] = parseTrustList(list);
 * assert.equal(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
 * assert.throws(() => parseTrustList("e3b0"), /line 1/);
 * ```
 */
export function parseTrustList(text: string): Set<string> {
  const hashes = new Set<string>();
  for (const [index, line] of text.replace(/^\ufeff/, "").split(/\r\n?|\n/).entries()) {
    const entry = line.replace(/#.*$/, "").trim();
    if (entry === "") continue;
    const hash = hashOf(entry);
    if (hash === undefined) {
      const shown = entry.length > 80 ? `${entry.slice(0, 80)}…` : entry;
      throw new SyntaxError(
        `line ${index + 1} is ${JSON.stringify(shown)}, expected a SHA-256 in hex or base64`,
      );
    }
    hashes.add(hash);
  }
  return hashes;
}

function hashOf(entry: string): string | undefined {
  if (/^[0-9a-f]{64}$/i.test(entry)) return entry.toLowerCase();
  const [, base64] = /^(?:sha256-)?([A-Za-z0-9+/_-]{43})=?$/.exec(entry) ?? [];
  if (base64 === undefined) return undefined;
  return toHex(fromBase64(`${base64.replaceAll("-", "+").replaceAll("_", "/")}=`));
}

async function read(path: string): Promise<{ stamp: string; hashes: Set<string> }> {
  const stamp = await stampOf(path); // before the text: what changes in between is read again
  const hashes = parseTrustList(await Deno.readTextFile(path));
  return { stamp, hashes };
}

/** Another when the file has changed, and where that could not be seen. */
async function stampOf(path: string): Promise<string> {
  const { isFile, size, mtime, ino } = await Deno.stat(path);
  if (!isFile) throw new TypeError("it is not a file");
  if (size > MAX_FILE_BYTES) throw new RangeError(`it has over ${MAX_FILE_BYTES} bytes`);
  const changedAt = mtime?.getTime() ?? Date.now();
  const isRecent = Math.abs(Date.now() - changedAt) < CLOCK_GRAIN_MS;
  return isRecent ? crypto.randomUUID() : `${size} ${changedAt} ${ino}`;
}

function refusal(path: string, cause: unknown): CodedError {
  return new CodedError(
    "bad_trust_list",
    `Cannot read the trusted runtimes in ${path}: ${errorMessage(cause)}`,
    { cause },
  );
}

import { CodedError, noAnswer, toHex } from "../base/mod.ts";
import {
  type Manifest,
  MAX_PAGE_BYTES,
  type PackedPage,
  readPackedPage,
  verifyManifest,
} from "../pod/mod.ts";

/** How long a server may take to give a page, in milliseconds. */
const FETCH_WITHIN_MS = 60_000;

/** A page whose signature held. */
export interface ReadPage {
  /** As it was named: a path or an address. */
  readonly page: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packed: PackedPage;
  readonly manifest: Manifest;
}

/**
 * Reads a packed page, of ours or another implementation's, as its visitors will: the signature of
 * its manifest, and the hash of its own script where it has one.
 *
 * @param page a path, or an `http(s)` address
 *
 * Rejects with {@linkcode CodedError}: `no_page` where nothing is, `invalid_page`,
 * `manifest_rejected`, `entry_mismatch`.
 */
export async function readPage(page: string): Promise<ReadPage> {
  const bytes = isAddress(page) ? await fetchPage(page) : await readFile(page);
  const packed = readPackedPage(bytes);
  const manifest = await verifyManifest(packed.signedManifest);
  await checkEntry(packed, manifest);
  return { page, bytes, packed, manifest };
}

/** Whether a page is named by an address rather than a path. */
export function isAddress(page: string): boolean {
  return /^https?:\/\//i.test(page);
}

async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { size, isFile } = await Deno.stat(path).catch((cause: unknown) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new CodedError("no_page", `Cannot read the page: ${path} is not there`, { cause });
  });
  if (!isFile) throw refusal(`${path} is not a file`);
  if (size > MAX_PAGE_BYTES) throw refusal(`${path} is larger than ${MAX_PAGE_BYTES} bytes`);
  return await Deno.readFile(path);
}

async function fetchPage(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const signal = AbortSignal.timeout(FETCH_WITHIN_MS);
  try {
    const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new CodedError(
        "no_page",
        `Cannot read the page: ${address} answers ${answer.status}; check the address`,
      );
    }
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    for await (const chunk of answer.body ?? []) {
      length += chunk.length;
      if (length > MAX_PAGE_BYTES) throw refusal(`it is larger than ${MAX_PAGE_BYTES} bytes`);
      chunks.push(chunk);
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const { why, todo } = noAnswer(error);
    const reason = signal.aborted ? "it took longer than a minute" : why;
    throw new CodedError("no_page", `Cannot read the page ${address}: ${reason}; ${todo}`, {
      cause: error,
    });
  }
}

async function checkEntry(page: PackedPage, manifest: Manifest): Promise<void> {
  const signed = manifest.ui?.entry_sha256?.toLowerCase() ?? undefined;
  const found = page.uiScript && await sha256(page.uiScript);
  if (signed !== found) {
    throw new CodedError(
      "entry_mismatch",
      "Cannot accept the page: its own script is not the one that was signed",
    );
  }
}

/** Lower-case hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Whether two pages are the same. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function refusal(reason: string): CodedError {
  return new CodedError("invalid_page", `Cannot read the page: ${reason}`);
}

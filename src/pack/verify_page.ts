import { CodedError, toHex } from "../base/mod.ts";
import {
  type Manifest,
  MAX_PAGE_BYTES,
  type PackedPage,
  podIdOf,
  readPackedPage,
  verifyManifest,
} from "../pod/mod.ts";

/** A page that holds, and what it says of itself. */
export interface VerifiedPage {
  podId: string;
  name: string;
  persona: string;
  model?: string;
  /** Who signed it, 64 hex digits. */
  ownerPubkey: string;
  /** The signed allow-list. */
  tools: string[];
  /** The servers that the page contacts by itself, `host:port`. */
  hosts: string[];
  /** Whether it offers a model in the visitor's browser, downloaded at a click. */
  hasBrowserModel: boolean;
  /** Of the page. */
  bytes: number;
  /** Of the signed manifest. */
  manifestBytes: number;
}

/**
 * Checks a packed page, of ours or another implementation's, as its visitors will: the signature
 * of its manifest, and the hash of its own script where it has one. What its runtime is, is not
 * checked.
 *
 * Rejects with `CodedError`: `no_page` where no file is, `invalid_page`, `manifest_rejected`,
 * `entry_mismatch`.
 */
export async function verifyPage(path: string): Promise<VerifiedPage> {
  const { size, isFile } = await Deno.stat(path).catch((cause: unknown) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new CodedError("no_page", `Cannot read the page: ${path} is not there`, { cause });
  });
  if (!isFile || size > MAX_PAGE_BYTES) {
    throw new CodedError(
      "invalid_page",
      `Cannot read the page: ${path} is not a file of at most ${MAX_PAGE_BYTES} bytes`,
    );
  }
  const page = readPackedPage(await Deno.readTextFile(path));
  const manifest = await verifyManifest(page.signedManifest);
  await checkEntry(page, manifest);
  return {
    podId: podIdOf(manifest),
    name: manifest.name,
    persona: manifest.persona,
    ...(manifest.model ? { model: manifest.model } : {}),
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    tools: manifest.tools.map(({ name }) => name),
    hosts: hostsOf(manifest),
    hasBrowserModel: Boolean(manifest.transport.fallback),
    bytes: size,
    manifestBytes: page.signedManifest.length,
  };
}

async function checkEntry(page: PackedPage, manifest: Manifest): Promise<void> {
  const signed = manifest.ui?.entry_sha256?.toLowerCase() ?? undefined;
  const found = page.uiScript &&
    toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", page.uiScript)));
  if (signed !== found) {
    throw new CodedError(
      "entry_mismatch",
      "Cannot accept the page: its own script is not the one that was signed",
    );
  }
}

function hostsOf({ transport: { dartc, direct } }: Manifest): string[] {
  const urls = [dartc?.signal_url, direct?.base_url].filter((url) => typeof url === "string");
  return [...new Set(urls.map((url) => URL.parse(url)?.host || url))];
}

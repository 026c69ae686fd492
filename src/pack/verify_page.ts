import { podIdOf } from "../pod/mod.ts";
import type { PageAssets } from "./page_assets.ts";
import { isByItself, type PageHost, pageHosts } from "./page_hosts.ts";
import { type PageRuntime, pageRuntime, requireRuntime } from "./page_runtime.ts";
import { readPage } from "./read_page.ts";

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
  /** The servers that the page contacts by itself, `host:port`, if its runtime is one of ours. */
  hosts: string[];
  /** The same with what for, and those that it contacts at a click. */
  contacts: PageHost[];
  /** What it asks the visitor's environment for. */
  capabilities: { name: string; required: boolean; risk?: string }[];
  /** Whether it offers a model in the visitor's browser, downloaded at a click. */
  hasBrowserModel: boolean;
  /** The pod's own script, where it has one. */
  entry?: { path: string; sha256: string };
  runtime: PageRuntime;
  /** Of the page. */
  bytes: number;
  /** Of the signed manifest. */
  manifestBytes: number;
}

/** Options of {@linkcode verifyPage}. */
export interface VerifyPageOptions {
  /** What the runtime of the page is compared with. @default this release's own */
  assets?: PageAssets;
}

/**
 * Checks a packed page, of ours or another implementation's, as its visitors will: the signature
 * of its manifest, and the hash of its own script where it has one. Whether its runtime is this
 * build's is told, and not required: pages of other releases hold as well.
 *
 * @param page a path, or an `http(s)` address
 *
 * Rejects with `CodedError`: `no_page` where nothing is, `invalid_page`, `manifest_rejected`,
 * `entry_mismatch`.
 */
export async function verifyPage(
  page: string,
  options: VerifyPageOptions = {},
): Promise<VerifiedPage> {
  const read = await readPage(page);
  requireRuntime(page, read);
  const { manifest, packed, bytes } = read;
  const { ui } = manifest;
  const contacts = pageHosts(manifest);
  return {
    podId: podIdOf(manifest),
    name: manifest.name,
    persona: manifest.persona,
    ...(manifest.model ? { model: manifest.model } : {}),
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    tools: manifest.tools.map(({ name }) => name),
    hosts: contacts.filter(isByItself).map(({ host }) => host),
    contacts,
    capabilities: (manifest.capabilities ?? []).map(({ name, required, risk }) => ({
      name,
      required: required === true,
      ...(risk ? { risk } : {}),
    })),
    hasBrowserModel: Boolean(manifest.transport.fallback),
    ...(ui?.entry_sha256
      ? { entry: { path: ui.entry ?? "", sha256: ui.entry_sha256.toLowerCase() } }
      : {}),
    runtime: await pageRuntime(read, options.assets),
    bytes: bytes.length,
    manifestBytes: packed.signedManifest.length,
  };
}

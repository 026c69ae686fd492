import { basename, join } from "node:path";
import { CodedError, fromHex } from "../base/mod.ts";
import {
  type Manifest,
  manifestFromPodToml,
  podIdOf,
  type PodTomlIssue,
  readPackedPage,
  signManifest,
  unsupportedPromises,
  verifyManifest,
} from "../pod/mod.ts";
import { OWNER_KEY, POD_TOML, readOwnerKey, readPodDir } from "../pod/native.ts";
import { readEntryScript } from "./entry_script.ts";
import { gzipSize } from "./gzip_size.ts";
import { ownAssets, type PageAssets, pageOf, writePage } from "./page_assets.ts";
import { defaultOut, rememberOut } from "./page_place.ts";

/** Options of {@linkcode buildPod}. */
export interface BuildPodOptions {
  /** The pod's folder. */
  dir: string;
  /**
   * The page to write; it is replaced as a whole, or not at all. The folder remembers another place
   * than its own, for the next time.
   * @default `dist/<pod id>.html` in the folder, made where it is not there
   */
  out?: string;
  /**
   * The owner's key.
   * @default owner.key in the folder
   */
  key?: string;
  /** @default this release's own */
  assets?: PageAssets;
  /** Told how many bytes of the page are written and compressed, of how many. */
  onProgress?(done: number, total: number): void;
}

/** What {@linkcode buildPod} wrote. */
export interface BuiltPod {
  out: string;
  podId: string;
  name: string;
  ownerPubkey: string;
  /** Of the page. */
  bytes: number;
  /** Of the page as a server sends it, compressed. */
  gzipBytes: number;
  /** Of the signed manifest. */
  manifestBytes: number;
  /** Keys of the `pod.toml` that nobody reads. */
  warnings: readonly PodTomlIssue[];
}

/**
 * Packs a pod folder into one `.html`: signs its manifest, reads the page back, writes it.
 *
 * The same folder, key and release give the same bytes, on every machine.
 *
 * Rejects with `PodTomlError` for a `pod.toml` that cannot be used; with `CodedError`
 * `unsupported_promise` for one that promises what this release cannot keep, `owner_mismatch` for
 * a key that is not its `[owner] pubkey`; `bad_out` where the page cannot be written; and whatever
 * reading the key and signing reject with.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { buildPod, initPod, verifyPage } from "./mod.ts";
 *
 * const dir = await Deno.makeTempDir();
 * await initPod(dir, { name: "Ada", podId: "ada" });
 * const { out } = await buildPod({ dir, out: `${dir}/ada.html` });
 * assert.equal((await verifyPage(out)).podId, "ada");
 * await Deno.remove(dir, { recursive: true });
 * ```
 */
export async function buildPod(options: BuildPodOptions): Promise<BuiltPod> {
  const { dir, key = join(dir, OWNER_KEY) } = options;
  const { pod, warnings } = await readPodDir(dir);
  const out = options.out ?? defaultOut(dir, podIdOf(pod));
  if ([POD_TOML, OWNER_KEY].includes(basename(out))) {
    throw new CodedError("bad_out", `Cannot write the page to ${out}: that is a pod's own file`);
  }
  const [promise] = unsupportedPromises(pod);
  if (promise !== undefined) {
    throw new CodedError(
      "unsupported_promise",
      `Cannot pack ${join(dir, POD_TOML)}: ${promise.key}: ${promise.message}`,
    );
  }
  const owner = await readOwnerKey(key);
  if (pod.owner?.pubkey !== undefined && pod.owner.pubkey !== owner.publicKey) {
    throw new CodedError(
      "owner_mismatch",
      `Cannot pack ${join(dir, POD_TOML)}: its [owner] pubkey is ${pod.owner.pubkey}, ` +
        `the key in ${key} is ${owner.publicKey}`,
    );
  }

  const entry = pod.ui?.entry === undefined ? undefined : await readEntryScript(dir, pod.ui.entry);
  const manifest = manifestFromPodToml(pod, owner.publicKey, { entrySha256: entry?.sha256 });
  const signedManifest = await signManifest(manifest, fromHex(owner.secretKey));
  const html = pageOf({
    manifest,
    signedManifest,
    uiScript: entry?.bytes,
    assets: options.assets ?? await ownAssets(),
  });
  await checkPage(html, manifest);
  const bytes = await writePage(out, html);
  await rememberOut(dir, podIdOf(pod), out);
  return {
    out,
    podId: podIdOf(manifest),
    name: pod.name,
    ownerPubkey: owner.publicKey,
    bytes: bytes.length,
    gzipBytes: await gzipSize(bytes, (done) => options.onProgress?.(done, bytes.length)),
    manifestBytes: signedManifest.length,
    warnings,
  };
}

/** Reads the page as its visitors will: no page goes out that they would refuse. */
async function checkPage(html: string, meant: Manifest): Promise<void> {
  const read = await verifyManifest(readPackedPage(html).signedManifest);
  if (podIdOf(read) !== podIdOf(meant) || read.owner_pubkey !== meant.owner_pubkey) {
    throw new CodedError("invalid_page", "Cannot write the page: it does not read back");
  }
}

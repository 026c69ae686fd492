import { basename, join, sep } from "node:path";
import { coreWasmGzip, fullBundle } from "../assets/mod.ts";
import { CodedError, errorMessage, fromHex, toHex } from "../base/mod.ts";
import { writeFileAtomic } from "../base/native.ts";
import {
  type Manifest,
  manifestFromPodToml,
  podIdOf,
  type PodTomlIssue,
  readPackedPage,
  signManifest,
  unsupportedPromises,
  verifyManifest,
  writePackedPage,
} from "../pod/mod.ts";
import { OWNER_KEY, POD_TOML, readOwnerKey, readPodDir } from "../pod/native.ts";
import { gzipSize } from "./gzip_size.ts";

/** What every page of a release has in common. */
export interface PageAssets {
  /** The full browser bundle. */
  bundle: string;
  /** `core.wasm`, compressed. */
  wasmGzip: Uint8Array;
}

/** Options of {@linkcode buildPod}. */
export interface BuildPodOptions {
  /** The pod's folder. */
  dir: string;
  /** The page to write; it is replaced as a whole, or not at all. */
  out: string;
  /**
   * The owner's key.
   * @default owner.key in the folder
   */
  key?: string;
  /** @default this release's own */
  assets?: PageAssets;
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

/** The largest script that `[ui] entry` may name, in bytes. */
const MAX_ENTRY_BYTES = 1024 * 1024;

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
  const { dir, out, key = join(dir, OWNER_KEY) } = options;
  if ([POD_TOML, OWNER_KEY].includes(basename(out))) {
    throw new CodedError("bad_out", `Cannot write the page to ${out}: that is a pod's own file`);
  }
  const { pod, warnings } = await readPodDir(dir);
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

  const uiScript = pod.ui?.entry === undefined ? undefined : await readEntry(dir, pod.ui.entry);
  const entrySha256 = uiScript && await sha256(uiScript);
  const manifest = manifestFromPodToml(pod, owner.publicKey, { entrySha256 });
  const signedManifest = await signManifest(manifest, fromHex(owner.secretKey));
  const html = writePackedPage({
    signedManifest,
    ...(options.assets ?? { bundle: await fullBundle(), wasmGzip: await coreWasmGzip() }),
    title: pod.ui?.title ?? pod.name,
    uiScript,
  });
  await checkPage(html, manifest);

  const bytes = new TextEncoder().encode(html);
  await writeFileAtomic(out, bytes, { mode: 0o644 }).catch((cause: unknown) => {
    throw new CodedError("bad_out", `Cannot write the page to ${out}: ${errorMessage(cause)}`, {
      cause,
    });
  });
  return {
    out,
    podId: podIdOf(manifest),
    name: pod.name,
    ownerPubkey: owner.publicKey,
    bytes: bytes.length,
    gzipBytes: await gzipSize(bytes),
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

async function readEntry(dir: string, entry: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(dir, entry);
  // The schema keeps the path inside the folder; a link could still lead out of it.
  const [folder, file] = await Promise.all([Deno.realPath(dir), Deno.realPath(path)])
    .catch((cause: unknown) => {
      throw new CodedError("no_entry", `Cannot pack ui.entry: ${path} is not there`, { cause });
    });
  const { isFile, size } = await Deno.stat(file);
  // Nor may it lead to another file of the folder, the key among them.
  const isInside = file.startsWith(folder + sep) && file.endsWith(".js");
  if (!isInside || !isFile || size === 0 || size > MAX_ENTRY_BYTES) {
    throw new CodedError(
      "bad_entry",
      `Cannot pack ui.entry: ${path} is not a .js file inside the folder of 1 to ${MAX_ENTRY_BYTES} bytes`,
    );
  }
  return await Deno.readFile(file);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

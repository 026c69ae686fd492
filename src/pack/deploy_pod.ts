import { CodedError } from "../base/mod.ts";
import { type Manifest, podIdOf } from "../pod/mod.ts";
import { buildPod, type BuiltPod } from "./build_pod.ts";
import { brokerUrlOf } from "./broker_url.ts";
import { type Embed, embedOf } from "./embed.ts";
import { requireRuntime } from "./page_runtime.ts";
import { readPage } from "./read_page.ts";
import { freshPageOf } from "./rebuild_pod.ts";
import { lastOut } from "./page_place.ts";
import { readPodDir } from "../pod/native.ts";
import { uploadPage } from "./upload_page.ts";

/** Options of {@linkcode deployPod}. */
export interface DeployPodOptions {
  /** A page, or a pod's folder, whose page is built where it is missing or old. */
  source: string;
  /** @default the one where the pod meets its visitors */
  broker?: string;
  /** The owner's key, where the page is built. @default owner.key in the folder */
  key?: string;
  /** Told that a page was built first. */
  onBuilt?(built: BuiltPod): void;
  /** Told how many bytes have gone out, of how many. */
  onProgress?(sent: number, total: number): void;
  signal?: AbortSignal;
}

/** What {@linkcode deployPod} did. */
export interface DeployedPod {
  /** Where the pod is now. */
  url: string;
  /** The broker's name for it. */
  id: string;
  broker: string;
  /** The page that was uploaded. */
  page: string;
  podId: string;
  name: string;
  ownerPubkey: string;
  bytes: number;
  /** HTML for other people's sites. */
  embed: Embed;
}

/**
 * Puts a pod's page on a broker. The page is verified first, as its visitors will.
 *
 * Rejects as `buildPod`, `readPage` and `uploadPage` do; with {@linkcode CodedError} `bad_broker`
 * where neither the pod nor an option names one, `key_unused` for a key beside a page.
 */
export async function deployPod(options: DeployPodOptions): Promise<DeployedPod> {
  const page = await pageToUpload(options);
  const read = await readPage(page);
  requireRuntime(page, read);
  const { bytes, manifest } = read;
  const broker = brokerUrlOf(options.broker ?? brokerIn(manifest, page));
  const { id, url } = await uploadPage({
    broker,
    bytes,
    onProgress: (sent) => options.onProgress?.(sent, bytes.length),
    signal: options.signal,
  });
  return {
    url,
    id,
    broker,
    page,
    podId: podIdOf(manifest),
    name: manifest.name,
    ownerPubkey: manifest.owner_pubkey.toLowerCase(),
    bytes: bytes.length,
    embed: embedOf(url, manifest.ui?.title || manifest.name),
  };
}

/** The page itself, or that of a folder, built where it has to be. */
async function pageToUpload({ source, key, onBuilt }: DeployPodOptions): Promise<string> {
  if (!await isFolder(source)) {
    if (key === undefined) return source;
    throw new CodedError(
      "key_unused",
      `Cannot use a key for ${source}: a page is signed already; name its folder to build it`,
    );
  }
  // Of another key it would be another page.
  const fresh = key === undefined ? await freshPageOf(source) : undefined;
  if (fresh !== undefined) return fresh;
  const { pod } = await readPodDir(source);
  const built = await buildPod({ dir: source, key, out: await lastOut(source, podIdOf(pod)) });
  onBuilt?.(built);
  return built.out;
}

function brokerIn({ transport }: Manifest, page: string): string {
  const url = transport.dartc?.signal_url;
  if (url) return url;
  throw new CodedError(
    "bad_broker",
    `Cannot tell where to upload ${page}: its pod names no broker; name one with --broker`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // reading the page says what is wrong with it
  }
}

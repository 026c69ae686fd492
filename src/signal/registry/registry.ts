import type { MaybePromise } from "../../base/mod.ts";

/** What is known of a stored page. */
export interface PodRecord {
  /** 12 characters of `A-Z a-z 0-9 _ -`: the beginning of the content's SHA-256 as base64url. */
  readonly id: string;
  /** The whole SHA-256 as base64url. */
  readonly sha256: string;
  /** The pod that the page belongs to, from its verified manifest. */
  readonly podId: string;
  readonly name: string;
  /** 64 hex digits. */
  readonly ownerPubkey: string;
  /** Bytes of the signed manifest. */
  readonly manifestSize: number;
  /** Bytes of the page. */
  readonly blobSize: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** How often the page was asked for. */
  readonly hits: number;
  /** What the page runs; see `page_scripts.ts`. */
  readonly scripts: PageScripts | null;
}

/** The scripts of a page that consists of nothing but a runtime and its data. */
export interface PageScripts {
  /** SHA-256, in hex, of each script that is neither data nor the call of `boot`. */
  readonly runtimes: readonly string[];
  /** SHA-256, in base64 as a CSP wants it, of every script. */
  readonly hashes: readonly string[];
}

/** A page that has come in whole and was checked, lying in a file of its own. */
export interface SpooledPage {
  /** The file; in the {@linkcode Registry.spoolDir} of the registry that the page is given to. */
  readonly path: string;
  /** Bytes of the page. */
  readonly size: number;
  /** Their SHA-256 as base64url. */
  readonly sha256: string;
  /** The bytes, from the first on; the file stays open until they are read or cancelled. */
  stream(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/**
 * Where a broker keeps pages and claims: its extension point (spec: signaling.md "Storage and
 * growth"). `tests/e2e/registry_conformance.ts` is what every implementation must pass.
 */
export interface Registry extends AsyncDisposable {
  /** As `GET /health` names it. */
  readonly name: string;
  /**
   * The folder that uploads are written to while they come in; whoever writes there first makes it.
   * Where pages are files it is on their file system, so that a page is stored by a rename.
   */
  readonly spoolDir: string;
  /**
   * A folder for compressed pages, which their broker makes, fills and sweeps; without one they are
   * kept in memory. Nothing in it is precious.
   */
  readonly encodedDir?: string;
  /**
   * Stores a page. It is there for good when this settles. A record that is there already stays as
   * it is, hits and date included; where its page was lost, this one takes its place. The spooled
   * file may be gone afterwards; it is removed by whoever made it where it is not.
   *
   * Rejects with `CodedError` `id_taken` where other bytes have this id, `storage_full` where there
   * is no room for the page; nothing of it stays then.
   */
  putPod(record: PodRecord, page: SpooledPage): MaybePromise<void>;
  getRecord(id: string): MaybePromise<PodRecord | undefined>;
  /**
   * The bytes of a page, undefined where there are none. Reading them to the end or cancelling
   * gives back what they hold open.
   */
  getBlob(id: string): MaybePromise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
  /** Counts one more hit. Unknown ids are ignored. */
  bumpHits(id: string): MaybePromise<void>;
  /** Gives a pod to an owner if it is nobody's yet, and returns whose it is. */
  claim(podId: string, ownerPubkey: string): MaybePromise<string>;
  /** Whose a pod is. */
  owner(podId: string): MaybePromise<string | undefined>;
  /** How many pages there are, for `GET /metrics`; absent where counting would cost too much. */
  count?(): MaybePromise<number>;
  /** Nothing may be called afterwards, but this again. */
  close(): MaybePromise<void>;
}

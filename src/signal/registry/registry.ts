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

/**
 * Where a broker keeps pages and claims: its extension point (spec: signaling.md "Storage and
 * growth"). `tests/unit/signal/registry_conformance.ts` is what every implementation must pass.
 */
export interface Registry extends AsyncDisposable {
  /** As `GET /health` names it. */
  readonly name: string;
  /**
   * Stores a page. It is there for good when this settles. A record that is there already stays as
   * it is, hits and date included.
   */
  putPod(record: PodRecord, blob: Uint8Array<ArrayBuffer>): MaybePromise<void>;
  getRecord(id: string): MaybePromise<PodRecord | undefined>;
  getBlob(id: string): MaybePromise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
  /** Counts one more hit. Unknown ids are ignored. */
  bumpHits(id: string): MaybePromise<void>;
  /** Gives a pod to an owner if it is nobody's yet, and returns whose it is. */
  claim(podId: string, ownerPubkey: string): MaybePromise<string>;
  /** Whose a pod is. */
  owner(podId: string): MaybePromise<string | undefined>;
  /** Nothing may be called afterwards. */
  close(): MaybePromise<void>;
}

import { type Logger, toHex } from "../base/mod.ts";
import { openTrustList, type TrustList } from "./trust_list.ts";

/** Where {@linkcode RuntimeTrust} has its hashes from. */
export interface RuntimeTrustOptions {
  /** SHA-256 in hex. */
  known?: Iterable<string>;
  /** What an operator adds to while the broker runs (`--trust-runtimes`). */
  list?: TrustList;
  /**
   * The files of this build; read again when an unknown runtime turns up, because a checkout builds
   * them when they are first needed.
   */
  files?: readonly URL[];
}

/**
 * The browser runtimes that a broker knows, by SHA-256, bundles and WASM: its own build's, and those
 * that its operator names. A page that runs nothing else may share the broker's origin with the others.
 */
export class RuntimeTrust {
  readonly #known: Set<string>;
  readonly #list: TrustList | undefined;
  readonly #files: readonly URL[];
  /** When each file that was read had last changed. */
  readonly #read = new Map<URL, number>();

  constructor(options: RuntimeTrustOptions = {}) {
    this.#known = new Set(options.known);
    this.#list = options.list;
    this.#files = options.files ?? OWN_BUNDLES;
  }

  /**
   * One that reads its list from a file.
   *
   * Rejects with `CodedError` `bad_trust_list` where that cannot be read.
   */
  static async open(
    options: { known: Iterable<string>; list: string | undefined; log: Logger },
  ): Promise<RuntimeTrust> {
    const { known, list, log } = options;
    if (list === undefined) return new RuntimeTrust({ known });
    return new RuntimeTrust({ known, list: await openTrustList(list, log) });
  }

  /** Those of a page's runtimes that are not known. */
  async unknownOf(runtimes: readonly string[]): Promise<readonly string[]> {
    const unknown = () => runtimes.filter((hash) => !this.#known.has(hash));
    if (unknown().length > 0) await Promise.all(this.#files.map((file) => this.#learn(file)));
    const left = unknown();
    if (left.length === 0 || this.#list === undefined) return left;
    // Asked each time: what an operator takes from the list is known no longer.
    const listed = await this.#list.hashes();
    return left.filter((hash) => !listed.has(hash));
  }

  async #learn(file: URL): Promise<void> {
    try {
      const changedAt = (await Deno.stat(file)).mtime?.getTime() ?? 0;
      if (this.#read.get(file) === changedAt) return;
      const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(file));
      this.#known.add(toHex(new Uint8Array(digest)));
      this.#read.set(file, changedAt);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // else it is not built here
    }
  }
}

/** What a packed page of this build carries, where `build.ts` leaves it: bundle and WASM. */
const OWN_BUNDLES: readonly URL[] = [
  new URL("../../dist/web/gemmapod-shim.packed.iife.js", import.meta.url),
  new URL("../../dist/web/core.wasm.gz", import.meta.url),
];

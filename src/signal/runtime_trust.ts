import { toHex } from "../base/mod.ts";
import type { PageScripts } from "./registry/registry.ts";

/**
 * The browser runtimes that a broker knows, by SHA-256, bundles and WASM: its own build's, and those
 * that its operator names. A page that runs nothing else may share the broker's origin with the others.
 */
export class RuntimeTrust {
  readonly #known: Set<string>;
  readonly #files: readonly URL[];
  /** When each file that was read had last changed. */
  readonly #read = new Map<URL, number>();

  /**
   * @param known hashes, in hex
   * @param files those of this build; read again when an unknown runtime turns up, because a
   *   checkout builds them when they are first needed
   */
  constructor(known: Iterable<string>, files: readonly URL[] = OWN_BUNDLES) {
    this.#known = new Set(known);
    this.#files = files;
  }

  /** Whether all that a page runs is known. */
  async trusts(scripts: PageScripts | null): Promise<boolean> {
    if (scripts === null) return false;
    const allKnown = () => scripts.runtimes.every((hash) => this.#known.has(hash));
    if (allKnown()) return true;
    await Promise.all(this.#files.map((file) => this.#learn(file)));
    return allKnown();
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

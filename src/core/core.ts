import { CodedError, utf8Decode } from "../base/mod.ts";
import { SIGNATURE_BYTES } from "./ed25519.ts";
import { type Machine, startMachine } from "./wasm_abi.ts";
import { strictPublicKey, strictSeed } from "./strict.ts";

/** The most bytes that `core-rs` reads, said here too so that more need not be copied to it. */
const MAX_SIGNED_MANIFEST_BYTES = 256 * 1024;

/** What `core.wasm` does: the manifest, and Ed25519 where a platform has none. */
export interface Core {
  /**
   * The JSON value of a signed manifest (manifest.md, "Manifest"): what was signed, nulls as they
   * stand, unknown keys left out, `transport.webrtc` as `transport.dartc`.
   *
   * Throws `CodedError` `manifest_rejected` with the reason; nothing of the manifest is in it.
   */
  verifyManifest(signed: Uint8Array): unknown;
  /** The public key of a seed. Throws `CodedError` `bad_key`. */
  publicKey(seed: Uint8Array): Uint8Array<ArrayBuffer>;
  /** A signature. Throws `CodedError` `bad_key`, or `too_large` above 1 MiB. */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Whether a signature holds. Throws `CodedError` `bad_key`, or `too_large` above 1 MiB. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Opens a key, which signs twice as fast as its seed does. Throws `CodedError` `bad_key`. */
  openKey(seed: Uint8Array): CoreKey;
}

/** A key inside the WASM. It is wiped when disposed of, or after it was forgotten. */
export interface CoreKey extends Disposable {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** A signature. Throws `CodedError` `too_large` above 1 MiB, `bad_key` after disposal. */
  sign(message: Uint8Array): Uint8Array<ArrayBuffer>;
}

/**
 * Starts the core from the bytes of `core.wasm`.
 *
 * Throws `CodedError` `bad_core` when they are not it.
 *
 * @example
 * ```ts
 * import { instantiateCore } from "./core.ts";
 *
 * const core = await instantiateCore(
 *   await Deno.readFile(new URL("./core.wasm", import.meta.url)),
 * );
 * const message = new TextEncoder().encode("hello");
 * using key = core.openKey(new Uint8Array(32));
 * if (!core.verify(key.publicKey, message, key.sign(message))) throw new Error("no");
 * ```
 */
export async function instantiateCore(wasm: BufferSource): Promise<Core> {
  const machine = await startMachine(wasm);
  const forgotten = new FinalizationRegistry((number: number) => machine.closeKey(number));
  return {
    verifyManifest(signed) {
      if (signed.length > MAX_SIGNED_MANIFEST_BYTES) throw rejected("it is larger than 256 KiB");
      const ok = machine.run("open_manifest", signed);
      const text = utf8Decode(machine.output());
      if (ok === 1) return JSON.parse(text);
      throw rejected(text);
    },
    publicKey(seed) {
      machine.run("public_key", strictSeed(seed));
      return machine.output();
    },
    sign(seed, message) {
      machine.run("sign", strictSeed(seed), message);
      return machine.output();
    },
    verify(publicKey, message, signature) {
      const key = strictPublicKey(publicKey);
      if (signature.length !== SIGNATURE_BYTES) return false;
      return machine.run("verify", key, signature, message) === 1;
    },
    openKey(seed) {
      const number = machine.run("open_key", strictSeed(seed));
      if (number === 0) throw new CodedError("too_many_keys", "Cannot open one more key");
      return new OpenKey(machine, number, forgotten);
    },
  };
}

function rejected(why: string): CodedError {
  return new CodedError("manifest_rejected", `Cannot accept the manifest: ${why}`);
}

/** A class, so that the key itself and not a closure of it is what the registry watches. */
class OpenKey implements CoreKey {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly #machine: Machine;
  readonly #forgotten: FinalizationRegistry<number>;
  /** Given to another key once this one is closed, so it must be forgotten here. */
  #number: number | undefined;

  constructor(machine: Machine, number: number, forgotten: FinalizationRegistry<number>) {
    this.publicKey = machine.output();
    this.#machine = machine;
    this.#number = number;
    this.#forgotten = forgotten;
    forgotten.register(this, number, this);
  }

  sign(message: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.#number === undefined || this.#machine.signWith(this.#number, message) === 0) {
      throw new CodedError("bad_key", "Cannot sign: the key was closed");
    }
    return this.#machine.output();
  }

  [Symbol.dispose](): void {
    if (this.#number === undefined) return;
    this.#forgotten.unregister(this);
    this.#machine.closeKey(this.#number);
    this.#number = undefined;
  }
}

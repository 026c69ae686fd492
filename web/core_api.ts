import { CodedError, fromHex, type MaybePromise, toHex } from "../src/base/mod.ts";
import { type Core, loadCore, provideCore } from "../src/core/mod.ts";
import { encodeManifestSmall, encodeSignedSmall, type Manifest } from "../src/pod/mod.ts";

/** An Ed25519 key pair, both parts as 64 hex digits. */
export interface KeyPair {
  publicKey: string;
  /** The seed (RFC 8032, 5.1.5). */
  secretKey: string;
}

/**
 * Signing and verifying in the WASM, for pages. Values come at once after {@linkcode initCore}, as
 * promises before; `await` does for both. Keys may be given as hex or bytes.
 */
export interface GemmaPodCoreApi {
  /**
   * What a signed manifest says, after its signature held.
   *
   * Throws (or rejects with) `CodedError` `manifest_rejected`; nothing of the manifest is in it.
   */
  verifyManifest(bytes: Uint8Array): MaybePromise<Manifest>;
  /**
   * A manifest, signed, as bytes. It must read back: `owner_pubkey` is the key's own.
   *
   * Throws `CodedError` `bad_key`, `manifest_rejected`.
   */
  signManifest(
    manifest: Manifest,
    secretKey: string | Uint8Array,
  ): MaybePromise<Uint8Array<ArrayBuffer>>;
  /** A signature of 64 bytes. Throws `CodedError` `bad_key`, or `too_large` above 1 MiB. */
  signBytes(
    message: Uint8Array,
    secretKey: string | Uint8Array,
  ): MaybePromise<Uint8Array<ArrayBuffer>>;
  /** Whether a signature holds, strictly. Throws `CodedError` `bad_key` for a bad public key. */
  verifyBytes(
    message: Uint8Array,
    signature: Uint8Array,
    publicKey: string | Uint8Array,
  ): MaybePromise<boolean>;
  /** A new key pair from the browser's random source. */
  generateKey(): MaybePromise<KeyPair>;
}

let started: Core | undefined;

/** See {@linkcode GemmaPodCoreApi}. */
export const GemmaPodCore: GemmaPodCoreApi = {
  verifyManifest: (bytes) =>
    withCore((core) => {
      // What the core gives is a manifest of its one schema, checked in Rust.
      return core.verifyManifest(bytes) as Manifest;
    }),
  signManifest: (manifest, secretKey) =>
    withCore((core) => {
      const payload = encodeManifestSmall(manifest);
      const signed = encodeSignedSmall(core.sign(keyBytes(secretKey), payload), payload);
      core.verifyManifest(signed); // what would be refused is not given out
      return signed;
    }),
  signBytes: (message, secretKey) => withCore((core) => core.sign(keyBytes(secretKey), message)),
  verifyBytes: (message, signature, publicKey) =>
    withCore((core) => core.verify(keyBytes(publicKey), message, signature)),
  generateKey: () =>
    withCore((core) => {
      const seed = crypto.getRandomValues(new Uint8Array(32));
      return { publicKey: toHex(core.publicKey(seed)), secretKey: toHex(seed) };
    }),
};

/**
 * Starts the WASM, once; from then on {@linkcode GemmaPodCore} answers at once.
 *
 * @param wasm another copy of `core.wasm` than the bundle's or the page's; counts only before the
 *   first start
 *
 * Rejects with `CodedError` `no_core` or `bad_core` where there is none that starts.
 */
export async function initCore(wasm?: BufferSource): Promise<GemmaPodCoreApi> {
  if (wasm !== undefined && started === undefined) provideCore(() => wasm);
  started ??= await loadCore();
  return GemmaPodCore;
}

/** {@linkcode initCore} under the name that pages of the earlier release call. */
export async function wasmInit(wasm?: BufferSource): Promise<void> {
  await initCore(wasm);
}

function withCore<T>(run: (core: Core) => T): MaybePromise<T> {
  return started === undefined ? loadCore().then((core) => run(started = core)) : run(started);
}

function keyBytes(key: string | Uint8Array): Uint8Array {
  if (typeof key !== "string") return key;
  if (/^[0-9a-f]{64}$/i.test(key)) return fromHex(key);
  throw new CodedError("bad_key", "Cannot use the key: expected 64 hex digits");
}

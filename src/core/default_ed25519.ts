import type { MaybePromise } from "../base/mod.ts";
import type { Ed25519 } from "./ed25519.ts";
import { loadCore } from "./load_core.ts";
import { wasmEd25519 } from "./wasm_ed25519.ts";
import { webCryptoEd25519 } from "./webcrypto_ed25519.ts";

let choosing: Promise<Ed25519> | undefined;

/**
 * The Ed25519 of this page or process, chosen at the first call and kept: WebCrypto's where it is
 * there, else `fallback`'s, which is our WASM unless a bundle without it gives another.
 *
 * Throws what the fallback throws; the next call tries again.
 *
 * @example
 * ```ts
 * import { defaultEd25519 } from "./default_ed25519.ts";
 *
 * const ed25519 = await defaultEd25519();
 * const key = await ed25519.generate();
 * const message = new TextEncoder().encode("hello");
 * const verifier = await ed25519.verifyingKey(key.publicKey);
 * if (!await verifier.verify(message, await key.sign(message))) throw new Error("no");
 * ```
 */
export function defaultEd25519(fallback: () => MaybePromise<Ed25519> = ours): Promise<Ed25519> {
  choosing ??= choose(fallback).catch((error: unknown) => {
    choosing = undefined;
    throw error;
  });
  return choosing;
}

async function choose(fallback: () => MaybePromise<Ed25519>): Promise<Ed25519> {
  return await webCryptoEd25519() ?? await fallback();
}

async function ours(): Promise<Ed25519> {
  return wasmEd25519(await loadCore());
}

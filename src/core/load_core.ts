import type { MaybePromise } from "../base/mod.ts";
import { checkedInCore } from "./checked_in_core.ts";
import { type Core, instantiateCore } from "./core.ts";

let source: () => MaybePromise<BufferSource> = checkedInCore;
let loading: Promise<Core> | undefined;

/**
 * The core of this process or page, started at the first call and kept. It is found beside this
 * module, unless {@linkcode provideCore} gave another copy of it.
 *
 * Throws `CodedError` `bad_core`, or what the source throws; the next call tries again.
 */
export function loadCore(): Promise<Core> {
  loading ??= start().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/**
 * Says where {@linkcode loadCore} takes the bytes of `core.wasm` from, as a packed page does, which
 * carries them itself. It counts from the next start on: before the first `loadCore()`, or after
 * one that failed.
 */
export function provideCore(from: () => MaybePromise<BufferSource>): void {
  source = from;
}

async function start(): Promise<Core> {
  return await instantiateCore(await source());
}

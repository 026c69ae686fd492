import { startProgress } from "../../base/native.ts";

/** Packs, with a bar where a person waits for it; never beside JSON. */
export async function packing<T>(
  json: true | undefined,
  pack: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  using progress = json ? undefined : startProgress("packing");
  return await pack((done, total) => progress?.update(done, total));
}

import { join } from "node:path";
import { generateOwnerKey, OWNER_KEY, writeOwnerKey } from "../pod/native.ts";

/** What {@linkcode keygen} made. */
export interface MadeKey {
  /** Where the key is. */
  path: string;
  /** The owner's public key, 64 hex digits. */
  publicKey: string;
}

/**
 * Makes the key of a pod folder, `owner.key` of mode 0600.
 *
 * Rejects with `CodedError` `key_exists` where it has one, `no_folder` where the folder is not there.
 *
 * @param options.path where else to write it
 */
export async function keygen(dir: string, options: { path?: string } = {}): Promise<MadeKey> {
  const path = options.path ?? join(dir, OWNER_KEY);
  const key = await generateOwnerKey();
  await writeOwnerKey(path, key);
  return { path, publicKey: key.publicKey };
}

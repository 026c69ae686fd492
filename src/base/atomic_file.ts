import { dirname, join } from "node:path";

/** Options of {@linkcode writeFileAtomic}. */
export interface WriteFileAtomicOptions {
  /**
   * Permission bits of the file.
   * @default 0o600
   */
  mode?: number;
}

/**
 * Writes a file so that a reader, or a crash at any moment, finds the old content or the new,
 * never a part: temporary name in the same folder, fsync, rename.
 *
 * Throws what the file system throws; the temporary file is gone then.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  options: WriteFileAtomicOptions = {},
): Promise<void> {
  const { mode = 0o600 } = options;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true, mode });
      let written = 0;
      while (written < bytes.length) written += await file.write(bytes.subarray(written));
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // it may not have been made; the first error is the one to tell
    throw error;
  }
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { ignoreMissing } from "../ignore_missing.ts";
import type { SpooledPage } from "../registry/registry.ts";
import { tooLarge } from "./body_chunks.ts";

/** A spooled page that is removed when it is disposed of, unless a registry took it. */
export interface SpoolFile extends SpooledPage, AsyncDisposable {}

/**
 * Writes a page to a file of its own while it comes in, and hashes it on the way.
 *
 * Rejects with `HttpError` 413 over `maxBytes`, and with what the source or the file system throws;
 * nothing is left then.
 */
export async function spoolPage(
  chunks: AsyncIterable<Uint8Array>,
  folder: string,
  maxBytes: number,
): Promise<SpoolFile> {
  const path = join(folder, crypto.randomUUID());
  try {
    const hash = createHash("sha256");
    let size = 0;
    {
      using file = await createIn(folder, path);
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        await writeAll(file, chunk);
      }
    }
    return {
      path,
      size,
      sha256: hash.digest("base64url"),
      stream: async () => (await Deno.open(path)).readable,
      [Symbol.asyncDispose]: () => Deno.remove(path).catch(ignoreMissing),
    };
  } catch (error) {
    await Deno.remove(path).catch(ignoreMissing);
    throw error;
  }
}

/** A registry may remove its folder whenever it is empty: between two steps of this as well. */
async function createIn(folder: string, path: string): Promise<Deno.FsFile> {
  for (let attempt = 1;; attempt++) {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || attempt === CREATE_ATTEMPTS) throw error;
    }
  }
}

/** Each fails only where another upload ended in the very moment. */
const CREATE_ATTEMPTS = 10;

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

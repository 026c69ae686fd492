import { piecesOf } from "./pieces.ts";

/**
 * How many bytes a text has once a server has compressed it.
 *
 * @param onProgress told how many bytes have been compressed
 */
export async function gzipSize(
  bytes: Uint8Array<ArrayBuffer>,
  onProgress?: (done: number) => void,
): Promise<number> {
  let size = 0;
  const compressed = piecesOf(bytes, onProgress).pipeThrough(new CompressionStream("gzip"));
  for await (const chunk of compressed) size += chunk.length;
  return size;
}

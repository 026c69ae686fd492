/** How many bytes a text has once a server has compressed it. */
export async function gzipSize(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  let size = 0;
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  for await (const chunk of compressed) size += chunk.length;
  return size;
}

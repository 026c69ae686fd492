/** A folder of a test's own, gone with all that is in it when it is disposed of. */
export async function tempFolder(name: string): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: `gemmapod-${name}-` });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

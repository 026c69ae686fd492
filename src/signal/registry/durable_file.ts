/**
 * Moves a finished file to another name of its file system, so that neither a killed process nor a
 * machine that loses its power leaves anything but the old name or the new, and the whole of it:
 * sync the file, rename, sync the folder.
 */
export async function moveDurably(from: string, to: string, folder: string): Promise<void> {
  {
    using file = await Deno.open(from, { write: true }); // Windows syncs only what may be written
    await file.sync();
  }
  await Deno.rename(from, to);
  if (Deno.build.os === "windows") return; // folders are no files there; NTFS logs the rename
  using entry = await Deno.open(folder);
  await entry.sync();
}

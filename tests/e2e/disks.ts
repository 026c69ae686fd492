import { join } from "node:path";

/** A folder on a disk that a test may fill or lock; gone afterwards. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Takes what is left of it, but `bytes`. */
  fill(bytes: number): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  lock(): Promise<void>;
}

/** Mounts a disk of so many KiB; undefined where this user or system may not. */
export async function mountSmallDisk(kib: number): Promise<SmallDisk | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "gemmapod-disk-" });
  if (!await succeeds("mount", "-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder)) {
    await Deno.remove(folder);
    return undefined;
  }
  const filler = join(folder, "filler");
  return {
    folder,
    async fill(bytes) {
      using file = await Deno.open(filler, { create: true, write: true, truncate: true });
      const piece = new Uint8Array(4_096);
      let size = 0;
      try {
        for (;;) size += await file.write(piece);
      } catch {
        // full; any other fault shows when nothing of the test comes true
      }
      await file.truncate(Math.max(0, size - bytes));
    },
    free: () => Deno.remove(filler),
    async lock() {
      if (!await succeeds("mount", "-o", "remount,ro", folder)) throw new Error("not locked");
    },
    async [Symbol.asyncDispose]() {
      await succeeds("umount", "--lazy", folder);
      await Deno.remove(folder);
    },
  };
}

/**
 * What a program is started through so that it can make no file larger than so many KiB: the nearest
 * to a full disk where none can be mounted. The shell ignores the signal that would end the program,
 * which then gets the error that a full disk gives.
 */
export function throughFileLimit(kib: number): readonly string[] {
  return ["bash", "-c", `trap '' XFSZ; ulimit -f ${kib}; exec "$@"`, "bash"];
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args, stdout: "null", stderr: "null" })
      .output();
    return success;
  } catch {
    return false; // there is no such command here
  }
}

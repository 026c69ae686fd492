/** How long a broker may take to answer and to close a connection that its client has ended. */
const END_WITHIN_MS = 60_000;

/**
 * What a hostile client does when it has written all: waits for an answer and then ends its side of
 * the connection, ends it at once, or is gone without waiting for anything.
 */
export type Ending = "patient" | "hasty" | "vanish";

/** How long a patient client waits for the next word, in milliseconds. */
const PATIENCE_MS = 25;

/**
 * Writes pieces on a connection of its own, ends it, and returns what came back by then.
 *
 * Rejects where the other side keeps the connection open although its client has ended it.
 */
export async function exchange(
  port: number,
  pieces: readonly Uint8Array[],
  ending: Ending,
): Promise<Uint8Array> {
  using line = await Deno.connect({ hostname: "127.0.0.1", port });
  const heard: Uint8Array<ArrayBuffer>[] = [];
  const reading = listen(line, heard);
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += await line.write(piece.subarray(at));
    }
    if (ending === "vanish") return new Uint8Array(0);
    if (ending === "patient") await quiet(heard, reading);
    await line.closeWrite();
  } catch (error) {
    if (!isGone(error)) throw error; // it had enough of us: what it said still counts
  }
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error("the broker keeps a connection that its client has ended")),
    END_WITHIN_MS,
  );
  await Promise.race([reading, late.promise]).finally(() => clearTimeout(timer));
  return new Uint8Array(await new Blob(heard).arrayBuffer());
}

/** Waits until nothing has come for a while, or until the other side has ended. */
async function quiet(heard: readonly unknown[], reading: Promise<void>): Promise<void> {
  for (let before = -1; before < heard.length;) {
    before = heard.length;
    const pause = Promise.withResolvers<void>();
    const timer = setTimeout(pause.resolve, PATIENCE_MS);
    await Promise.race([pause.promise, reading]);
    clearTimeout(timer);
  }
}

/** Reads until the other side ends. */
async function listen(line: Deno.TcpConn, heard: Uint8Array<ArrayBuffer>[]): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let size = await line.read(buffer); size !== null; size = await line.read(buffer)) {
      heard.push(buffer.slice(0, size));
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.NotConnected;
}

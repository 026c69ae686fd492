import { join } from "node:path";

/**
 * Ends the Host that a test has left in the background of a `GEMMAPOD_HOME`, and waits until it is
 * gone: a test that fails in the middle leaves nothing running, nor somebody who writes into a folder
 * that is being removed.
 */
export async function endBackgroundHost(home: string): Promise<void> {
  let text;
  try {
    text = await Deno.readTextFile(join(home, "host.json"));
  } catch {
    return; // none, or it has stopped itself
  }
  const { pid, port } = JSON.parse(text);
  if (!await listens(port)) return; // gone; its number may be another program's by now
  kill(pid);
  while (await listens(port));
}

/** The same as something to be disposed of, for a home that a test makes. */
export function backgroundHostOf(home: string): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => endBackgroundHost(home) };
}

/** Ends a process at once; that it has ended by itself is as well. */
export function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ port, hostname: "127.0.0.1" })).close();
    return true;
  } catch {
    return false;
  }
}

/** What can be made to wait. */
export interface Pausable {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Bytes that one client is read of before it has to wait a moment, for the others' sake: the runtime
 * reads a connection until nothing is there, which may be never. Ten candidates are 4 KiB; of the
 * shortest nonsense it is 1,500 messages, which are 10 ms.
 */
export const BYTES_AT_A_TIME = 32 * 1024;

/**
 * How long it waits, in milliseconds. What counts is that there is a moment with nothing to do: only
 * then does the runtime look for what others sent, and else every 61st time around (with three
 * clients that flood, a second for each message of another's; so it is 20 ms).
 */
const MOMENT_MS = 1;

const waiting: Pausable[] = [];

/** Reads no more of a client until all others had their turn. */
export function takeBreath(client: Pausable): void {
  client.pause();
  if (waiting.push(client) > 1) return;
  // Counted from when all that has come in is dealt with, or the moment is over before it begins.
  setImmediate(() => setTimeout(resumeAll, MOMENT_MS));
}

function resumeAll(): void {
  for (const client of waiting.splice(0)) client.resume();
}

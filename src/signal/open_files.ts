/** What the kernel lets this process hold. */
export interface ConnectionAllowance {
  /** Connections at once. */
  readonly connections: number;
  /** Connections that may wait to be accepted. */
  readonly backlog: number;
}

/** Files for the runtime, the database, and the pages that are being sent and taken in. */
const FILES_BESIDE_CONNECTIONS = 64;

/** The part of all files that may wait to be accepted. */
const BACKLOG_PART = 8;

/**
 * How many connections this process can take without ever using up its open files. A server that
 * has used them up does not accept again afterwards, though they are free (Deno 2.9.6, `node:net`),
 * so it has to stop well before: those too many are accepted as well before they are closed, and as
 * many as are open may be closing while others come in their place.
 *
 * Infinity where nobody says: only Linux has `/proc` (proc(5), `/proc/pid/limits`), and Deno shows it
 * to programs that may do everything, which the compiled one may not. Then `FrontDoor` has to mend it.
 */
export async function connectionAllowance(): Promise<ConnectionAllowance> {
  const files = await filesAllowed();
  if (files === Infinity) return { connections: Infinity, backlog: Infinity };
  const backlog = Math.ceil(files / BACKLOG_PART);
  const connections = Math.floor((files - FILES_BESIDE_CONNECTIONS) / 2) - backlog;
  return { connections: Math.max(1, connections), backlog };
}

async function filesAllowed(): Promise<number> {
  let limits: string;
  try {
    limits = await Deno.readTextFile("/proc/self/limits");
  } catch {
    return Infinity;
  }
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity); // else it is "unlimited"
}

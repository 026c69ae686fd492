import { CodedError } from "../../base/mod.ts";

/** The API's server. */
export interface ApiServer {
  readonly port: number;
  /**
   * Lets requests that are being answered end, for a moment, and closes.
   *
   * @param last done before it closes: who waits until nobody listens then finds all of it done
   */
  stop(last?: () => Promise<void>): Promise<void>;
}

/** How long answers may take when the server stops, in milliseconds; a reader may be asleep. */
const STOP_WITHIN_MS = 1_000;

/** How long the last bytes of an answer take after the server calls it complete, in milliseconds. */
const SEND_MS = 10;

/**
 * Serves on 127.0.0.1, on the first of some ports that is free.
 *
 * Throws {@linkcode CodedError} `port_taken` when none is.
 */
export function serveApi(
  ports: readonly number[],
  handler: (request: Request) => Response | Promise<Response>,
): ApiServer {
  for (const port of ports) {
    try {
      return serveOn(port, handler);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new CodedError(
    "port_taken",
    ports.length === 1
      ? `Cannot listen on port ${ports[0]}: another program does; choose one with --port`
      : `Cannot listen: ports ${ports[0]} to ${ports.at(-1)} are taken; choose one with --port`,
  );
}

function serveOn(
  port: number,
  handler: (request: Request) => Response | Promise<Response>,
): ApiServer {
  const cut = new AbortController();
  const open = new Set<Promise<void>>();
  let stopping: Promise<void> | undefined;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {}, signal: cut.signal },
    (request, { completed }) => {
      if (stopping !== undefined) return refusal();
      const done = completed.catch(() => {}).finally(() => open.delete(done)); // or it left
      open.add(done);
      return handler(request);
    },
  );
  // Not `server.shutdown()`: it waits for the slowest reader, and cannot be cut short (measured).
  const stop = async (last: () => Promise<void>) => {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, STOP_WITHIN_MS);
    await Promise.race([Promise.all(open), late.promise]);
    clearTimeout(timer);
    try {
      await last();
      if (open.size === 0) await new Promise((resolve) => setTimeout(resolve, SEND_MS));
    } finally {
      cut.abort();
    }
    await server.finished;
  };
  return {
    port: server.addr.port,
    stop: (last = () => Promise.resolve()) => stopping ??= stop(last),
  };
}

function refusal(): Response {
  const headers = { connection: "close" };
  return Response.json({ error: "The Host is being stopped" }, { status: 503, headers });
}

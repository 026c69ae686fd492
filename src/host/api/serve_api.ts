import { CodedError } from "../../base/mod.ts";

/** The API's server. */
export interface ApiServer {
  readonly port: number;
  /** Lets requests that are being answered end, and closes. */
  stop(): Promise<void>;
}

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
      const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, handler);
      return { port: server.addr.port, stop: () => server.shutdown() };
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

import { CodedError, createLogger, errorMessage, type Logger, VERSION } from "../base/mod.ts";
import { addressKey } from "./address_key.ts";
import type { Admit } from "./admission.ts";
import { createApp } from "./http/app.ts";
import { Hub } from "./hub.ts";
import {
  type BrokerLimits,
  DEFAULT_LIMITS,
  GOODBYE_WITHIN_MS,
  LIMITS_WITHOUT_ADDRESSES,
  STOP_WITHIN_MS,
  SWEEP_MS,
} from "./limits.ts";
import { memoryRegistry } from "./registry/memory_registry.ts";
import type { Registry } from "./registry/registry.ts";
import { RuntimeTrust } from "./runtime_trust.ts";
import { serveSocket } from "./socket_connection.ts";

/** Options of {@linkcode startBroker}. */
export interface BrokerOptions {
  /** @default "127.0.0.1" */
  host?: string;
  /**
   * 0 takes any that is free.
   * @default 8080
   */
  port?: number;
  /** Keeps pages in a folder. Without it they are in memory, and gone with the process. */
  dataDir?: string;
  /** Another place for pages; wins over `dataDir`. Closed with the broker. */
  registry?: Registry;
  /**
   * `"off"` counts nothing by address, for load tests.
   * @default "on"
   */
  limits?: "on" | "off" | BrokerLimits;
  /**
   * `"off"` lets every page share the broker's origin: for a broker whose pages are all its
   * operator's own. `"on"` keeps pages that run more than a known runtime in a sandbox.
   * @default "on"
   */
  isolation?: "on" | "off";
  /** SHA-256, in hex, of further browser runtimes that pages may run. */
  trustedRuntimes?: Iterable<string>;
  /** Decides on every registration. */
  admit?: Admit;
  log?: Logger;
}

/** A running broker. */
export interface Broker extends AsyncDisposable {
  /** Where it answers: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, tells the Hosts to come back later, waits for requests in flight. */
  stop(): Promise<void>;
}

/**
 * Starts a broker: the rendezvous at `/signal`, pages at `/pods` and `/:id` (spec: signaling.md).
 *
 * Rejects with {@linkcode CodedError} `port_taken`, `cannot_listen` where the address is not ours,
 * `bad_data_dir` where the folder cannot be used.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { host = "127.0.0.1", port = 8080, isolation = "on", trustedRuntimes = [] } = options;
  const log = options.log ?? createLogger({ name: "signal" });
  const limits = limitsOf(options.limits ?? "on");
  const registry = await openRegistry(options, log);
  const hub = new Hub({ limits, log, ...(options.admit && { admit: options.admit }) });
  const app = createApp({
    registry,
    limits,
    log,
    version: VERSION,
    counts: hub,
    trust: isolation === "off" ? undefined : new RuntimeTrust(trustedRuntimes),
  });

  const lines = new Set<Promise<void>>();
  let stopping: Promise<void> | undefined;

  function handle(
    request: Request,
    info: Deno.ServeHandlerInfo<Deno.NetAddr>,
  ): Response | Promise<Response> {
    if (stopping !== undefined) return new Response("The broker is stopping", { status: 503 });
    const address = addressKey(info.remoteAddr.hostname);
    // Before the routes: no middleware may touch the headers of an upgrade (pitfalls.md).
    if (isSocketRequest(request)) {
      return serveSocket(request, { hub, address, unsentBytes: limits.unsentBytes, lines });
    }
    return app.fetch(request, { address });
  }

  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({ hostname: host, port, onListen: () => {} }, handle);
  } catch (cause) {
    await registry.close();
    throw new CodedError(
      cause instanceof Deno.errors.AddrInUse ? "port_taken" : "cannot_listen",
      `Cannot listen on ${host}:${port}: ${errorMessage(cause)}`,
      { cause },
    );
  }
  const sweep = setInterval(() => hub.sweep(), SWEEP_MS);

  async function stop(): Promise<void> {
    clearInterval(sweep);
    hub.stop();
    // The server's own shutdown would close the sockets with its code before ours is on its way.
    await within(GOODBYE_WITHIN_MS, Promise.all(lines));
    await within(STOP_WITHIN_MS, server.shutdown());
    await registry.close();
    log.info("stopped");
  }

  const stopOnce = () => stopping ??= stop();
  return {
    url: `http://${printable(host)}:${server.addr.port}`,
    port: server.addr.port,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

/** Waits for something, but not for longer than `ms`. */
async function within(ms: number, something: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([something, late.promise]);
  clearTimeout(timer);
}

function isSocketRequest(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket" &&
    request.method === "GET" && new URL(request.url).pathname === "/signal";
}

function limitsOf(limits: "on" | "off" | BrokerLimits): BrokerLimits {
  if (limits === "on") return DEFAULT_LIMITS;
  return limits === "off" ? LIMITS_WITHOUT_ADDRESSES : limits;
}

async function openRegistry(options: BrokerOptions, log: Logger): Promise<Registry> {
  if (options.registry !== undefined) return options.registry;
  if (options.dataDir !== undefined) {
    // Loaded on demand: a broker that keeps nothing needs no database.
    const { sqliteRegistry } = await import("./registry/sqlite_registry.ts");
    return await sqliteRegistry(options.dataDir);
  }
  log.warn("memory_registry", {}, "pages are kept in memory, and gone when this broker stops");
  return memoryRegistry();
}

/** An address as a browser on this machine would write it. */
function printable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

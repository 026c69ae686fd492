import { CodedError, createLogger, errorMessage, type Logger, VERSION } from "../base/mod.ts";
import type { Admit } from "./admission.ts";
import { openEncodedPages } from "./encoded/open_encoded_pages.ts";
import { createApp } from "./http/app.ts";
import { type HttpServer, serve, type ServeInfo, type UpgradeRequest } from "./http/server.ts";
import type { Upgrade } from "./http/upgrade.ts";
import { Hub } from "./hub.ts";
import { limitedLog } from "./limited_log.ts";
import {
  type BrokerLimits,
  CLOSE_WITHIN_MS,
  DEFAULT_LIMITS,
  GOODBYE_WITHIN_MS,
  HTTP_CONNECTIONS,
  LIMITS_WITHOUT_ADDRESSES,
  STOP_WITHIN_MS,
  SWEEP_MS,
} from "./limits.ts";
import { countResponse } from "./metrics/count_response.ts";
import { Metrics } from "./metrics/metrics.ts";
import { writeMetrics } from "./metrics/write_metrics.ts";
import { connectionAllowance } from "./open_files.ts";
import { openRegistry, type RegistryOptions } from "./open_registry.ts";
import { clientReader } from "./proxy/client_reader.ts";
import { RuntimeTrust } from "./runtime_trust.ts";
import { Sockets } from "./socket/sockets.ts";
import { within } from "./within.ts";

/** Options of {@linkcode startBroker}. */
export interface BrokerOptions extends RegistryOptions {
  /** @default "127.0.0.1" */
  host?: string;
  /**
   * 0 takes any that is free.
   * @default 8080
   */
  port?: number;
  /**
   * Proxies whose `X-Forwarded-For`, `-Proto` and `-Host` count: addresses, networks as
   * `10.0.0.0/8`, `loopback`, `private`.
   * @default none
   */
  trustProxy?: readonly string[];
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
  /** A file of more of them, one a line, which is read again when it has changed. */
  trustRuntimes?: string;
  /** Decides on every registration. */
  admit?: Admit;
  log?: Logger;
  /**
   * Whether the log has the addresses of clients.
   * @default "left_out"
   */
  logAddresses?: "logged" | "left_out";
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
 * `bad_data_dir` where the folder cannot be used, `bad_trust_list` for trusted runtimes that cannot be read, `bad_proxy` for a proxy that is no address, and
 * with a bus `bad_bus`, `bus_refused`, `bus_without_jetstream`.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { host = "127.0.0.1", port = 8080, isolation = "on", trustedRuntimes = [] } = options;
  const metrics = new Metrics();
  const log = limitedLog(options.log ?? createLogger({ name: "signal" }), {
    addresses: options.logAddresses ?? "left_out",
    onDropped: () => metrics.logLinesDropped++,
  });
  const limits = limitsOf(options.limits ?? "on");
  const trust = isolation === "off" ? undefined : await RuntimeTrust.open({
    known: trustedRuntimes,
    list: options.trustRuntimes,
    log,
  });
  const readClient = clientReader(options.trustProxy ?? [], log);
  const { registry, bus } = await openRegistry(options, log);
  const encoded = openEncodedPages(registry, log);
  const hub = new Hub({
    limits,
    log,
    metrics,
    ...(bus && { bus }),
    ...(options.admit && { admit: options.admit }),
  });
  const app = createApp({
    registry,
    encoded,
    limits,
    log,
    version: VERSION,
    counts: hub,
    trust,
    metrics,
    writeMetrics: async () =>
      writeMetrics(metrics, {
        version: VERSION,
        origins: hub.origins,
        sessions: hub.sessions,
        sockets: hub.sockets,
        registry: registry.name,
        pages: await registry.count?.(),
        bus: hub.bus,
      }),
  });

  const sockets = new Sockets(hub, limits);
  let stopping: Promise<void> | undefined;

  async function handle(request: Request, info: ServeInfo): Promise<Response> {
    if (stopping !== undefined) return comeBackLater();
    const { address, url } = readClient(request, info.remoteAddr.hostname);
    const began = performance.now();
    const response = await app.fetch(request, { address, url });
    countResponse(metrics, request, response, (performance.now() - began) / 1000);
    return response;
  }

  function upgrade(request: UpgradeRequest, info: ServeInfo, upgrade: Upgrade): void {
    if (stopping !== undefined) return upgrade.refuse(503, STOPPING, COME_BACK_LATER);
    if (request.path !== "/signal") {
      return upgrade.refuse(404, "The WebSocket is at /signal");
    }
    const address = readClient.address(request.headers, info.remoteAddr.hostname);
    sockets.take(request, address, upgrade);
    metrics.countRequest("signal", upgrade.status ?? 500);
  }

  let server: HttpServer;
  try {
    const allowed = await connectionAllowance();
    const connections = Math.min(limits.sockets + HTTP_CONNECTIONS, allowed.connections);
    const { backlog } = allowed;
    const onStalled = () =>
      log.error("accept_stalled", {}, "no connection was taken: listens anew");
    server = await serve({
      hostname: host,
      port,
      connections,
      backlog,
      handle,
      upgrade,
      onStalled,
    });
  } catch (cause) {
    await encoded.close();
    await registry.close();
    await bus?.[Symbol.asyncDispose]();
    throw new CodedError(
      isCode(cause, "EADDRINUSE") ? "port_taken" : "cannot_listen",
      `Cannot listen on ${host}:${port}: ${errorMessage(cause)}`,
      { cause },
    );
  }
  const sweep = setInterval(() => {
    hub.sweep();
    sockets.sweep();
    log.flush();
  }, SWEEP_MS);

  async function stop(): Promise<void> {
    log.info("stopping", { origins: hub.origins, sessions: hub.sessions });
    clearInterval(sweep);
    const finished = server.shutdown(); // from here on it takes nothing new
    const uncompressed = encoded.close(); // a page that is being compressed goes out as it is
    hub.stop();
    await within(GOODBYE_WITHIN_MS, sockets.empty());
    if (await within(STOP_WITHIN_MS, finished) === "late") {
      server.abort();
      log.warn("requests_cut", {}, "requests that did not end in time are cut off");
    }
    // In this order: what the registry has left to write goes over the bus.
    const closed = uncompressed.then(() => registry.close())
      .finally(() => bus?.[Symbol.asyncDispose]());
    if (await within(CLOSE_WITHIN_MS, closed) === "late") {
      log.warn("registry_not_closed", {}, "the registry did not close in time");
    }
    log.flush("all");
    log.info("stopped");
  }

  const stopOnce = () => stopping ??= stop();
  return {
    url: `http://${printable(host)}:${server.port}`,
    port: server.port,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

/** What whoever comes while the broker stops is told; behind a load balancer it goes elsewhere. */
function comeBackLater(): Response {
  return Response.json({ error: STOPPING }, { status: 503, headers: COME_BACK_LATER });
}

const STOPPING = "The broker is stopping";
const COME_BACK_LATER = { "retry-after": "1", connection: "close", "cache-control": "no-store" };

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}

function limitsOf(limits: "on" | "off" | BrokerLimits): BrokerLimits {
  if (limits === "on") return DEFAULT_LIMITS;
  return limits === "off" ? LIMITS_WITHOUT_ADDRESSES : limits;
}

/** An address as a browser on this machine would write it. */
function printable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

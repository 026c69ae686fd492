import { EXPOSITION_TYPE } from "../metrics/exposition.ts";
import { addRoute } from "./add_route.ts";
import type { App } from "./app_env.ts";
import { HttpError } from "./http_error.ts";

/** What a broker says of itself. */
export interface StatusOptions {
  /** What the hub counts; the routes see no more of it. */
  counts: {
    readonly origins: number;
    readonly sessions: number;
    /** Whether other brokers can be reached; undefined where there are none. */
    readonly bus?: "up" | "degraded" | undefined;
  };
  registry: { readonly name: string };
  version: string;
  /** Writes the counts for Prometheus. */
  writeMetrics(): Promise<string>;
}

/** `GET /health` and `/metrics`, and what `/signal` says to whoever comes without a WebSocket. */
export function addStatusRoutes(app: App, options: StatusOptions): void {
  const { counts, registry, version, writeMetrics } = options;
  const startedAt = performance.now();

  addRoute(app, "/health", {
    GET: (c) =>
      c.json(
        {
          // Also while the bus is away: this broker still introduces its own visitors and Hosts,
          // and a load balancer that turned from it would turn from all of them at once.
          ok: true,
          ...(counts.bus === undefined ? {} : { bus: counts.bus }),
          origins: counts.origins,
          sessions: counts.sessions,
          registry: registry.name,
          version,
          uptime_s: Math.floor((performance.now() - startedAt) / 1000),
        },
        200,
        { "cache-control": "no-store", "access-control-allow-origin": "*" },
      ),
  });

  addRoute(app, "/metrics", {
    GET: async (c) =>
      c.body(await writeMetrics(), 200, {
        "content-type": EXPOSITION_TYPE,
        "cache-control": "no-store",
      }),
  });

  addRoute(app, "/signal", {
    GET() {
      throw new HttpError(426, "Connect with a WebSocket", {
        upgrade: "websocket",
        connection: "upgrade", // RFC 9110, 7.8
      });
    },
  });
}

import process from "node:process";
import { by, Exposition, type Labels } from "./exposition.ts";
import type { Metrics } from "./metrics.ts";

/** What is looked at when the numbers are asked for, rather than counted. */
export interface MetricsNow {
  readonly version: string;
  readonly origins: number;
  readonly sessions: number;
  /** Open WebSockets, by what they have become. */
  readonly sockets: Readonly<Record<"none" | "host" | "visitor", number>>;
  readonly registry: string;
  /** Undefined where the registry does not count them. */
  readonly pages: number | undefined;
  /** Undefined for a broker that shares nothing with others. */
  readonly bus: "up" | "degraded" | undefined;
}

/** `GET /metrics` in the text format of Prometheus. It has counts alone: no pod, no address. */
export function writeMetrics(metrics: Metrics, now: MetricsNow): string {
  const out = new Exposition("gemmapod_signal_");
  out.gauge("build_info", "Always 1; what runs here.", [
    [{ version: now.version, deno: Deno.version.deno, registry: now.registry }, 1],
  ]);

  out.gauge("origins", "Pods that a Host has registered here.", now.origins);
  out.gauge("sessions", "Sessions between an offer and their end.", now.sessions);
  out.gauge("sockets", "Open WebSockets, by role.", by("role", now.sockets));
  out.counter("sockets_opened_total", "WebSockets that were opened.", metrics.sockets);
  out.counter(
    "sockets_closed_total",
    "WebSockets that the broker closed, by reason.",
    by("reason", metrics.closed),
  );
  out.counter("messages_total", "Messages of clients, by type.", by("type", metrics.messages));
  out.counter(
    "registrations_total",
    "Registrations of pods, by outcome.",
    by("outcome", metrics.registrations),
  );
  out.counter("offers_total", "Offers of visitors, by outcome.", by("outcome", metrics.offers));
  out.counter(
    "sessions_unanswered_total",
    "Sessions that ended without an answer, by reason.",
    by("reason", metrics.unanswered),
  );
  out.counter(
    "refusals_total",
    "Messages answered with an error, by reason.",
    by("reason", metrics.refusals),
  );
  out.histogram("answer_seconds", "From a relayed offer to its answer.", metrics.answerSeconds);

  out.counter("requests_total", "Answered HTTP requests.", requestCounts(metrics));
  out.counter("uploads_total", "Uploads of pages, by result.", by("result", metrics.uploads));
  out.counter("upload_bytes_total", "Bytes of pages that were stored.", metrics.uploadBytes);
  out.histogram("upload_seconds", "Time to take a page in.", metrics.uploadSeconds);
  out.counter(
    "page_bytes_total",
    "Bytes of pages that were answered with, as compressed.",
    metrics.pageBytes,
  );
  if (now.pages !== undefined) out.gauge("pages", "Pages in the registry.", now.pages);
  if (now.bus !== undefined) {
    out.gauge("bus_up", "1 while the bus to other brokers stands.", now.bus === "up" ? 1 : 0);
  }
  out.counter(
    "log_lines_dropped_total",
    "Lines left out of the log because there were too many of their kind.",
    metrics.logLinesDropped,
  );

  const { rss, heapUsed } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  const uptimeS = performance.now() / 1000;
  out.gauge("uptime_seconds", "Since the process began.", uptimeS);
  out.gauge("heap_bytes", "Memory that JavaScript objects use.", heapUsed);
  out.standard("process_resident_memory_bytes", "gauge", "Memory of the process.", rss);
  out.standard(
    "process_cpu_seconds_total",
    "counter",
    "CPU time, user and system.",
    (user + system) / 1_000_000,
  );
  out.standard(
    "process_start_time_seconds",
    "gauge",
    "When the process began, since 1970.",
    performance.timeOrigin / 1000,
  );
  return out.text;
}

function* requestCounts(metrics: Metrics): Generator<readonly [Labels, number]> {
  for (const [route, statuses] of metrics.requests) {
    for (const [status, count] of statuses) yield [{ route, status: String(status) }, count];
  }
}

import { Hono } from "hono";
import { errorMessage, type Logger } from "../../base/mod.ts";
import type { BrokerLimits } from "../limits.ts";
import { RateWindow } from "../rate_window.ts";
import type { PodRecord, Registry } from "../registry/registry.ts";
import type { RuntimeTrust } from "../runtime_trust.ts";
import { HttpError } from "./http_error.ts";
import { isFresh, pageHeaders, type PageIsolation } from "./page_headers.ts";
import { takeUpload } from "./upload.ts";

/** What the routes of a broker serve from. */
export interface AppOptions {
  registry: Registry;
  limits: BrokerLimits;
  log: Logger;
  version: string;
  /** What the hub counts; the routes see no more of it. */
  counts: { readonly origins: number; readonly sessions: number };
  /** Whose pages may share the broker's origin; undefined where all may (`--isolation off`). */
  trust: RuntimeTrust | undefined;
}

/** What a request brings along beside itself. */
export interface AppEnv {
  Bindings: {
    /** What limits count the client by. */
    address: string;
  };
}

/** Uploads that are taken in at once: each may hold its 50 MiB several times over. */
const UPLOADS_AT_ONCE = 4;

const HOUR_MS = 60 * 60_000;

/** The HTTP side of a broker (spec: signaling.md "HTTP"), as a function from request to response. */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const { registry, limits, log, version, counts, trust } = options;
  const startedAt = performance.now();
  const now = () => performance.now();
  const uploads = new RateWindow(limits.uploadsPerHour, HOUR_MS, now);
  let uploading = 0;
  const app = new Hono<AppEnv>();

  app.get("/health", (c) =>
    c.json(
      {
        ok: true,
        origins: counts.origins,
        sessions: counts.sessions,
        registry: registry.name,
        version,
        uptime_s: Math.floor((performance.now() - startedAt) / 1000),
      },
      200,
      { "cache-control": "no-store", "access-control-allow-origin": "*" },
    ));

  app.get(
    "/signal",
    (c) => c.json({ error: "Connect with a WebSocket" }, 426, { upgrade: "websocket" }),
  );

  app.post("/pods", async (c) => {
    const { address } = c.env;
    if (!uploads.take(address)) {
      throw new HttpError(429, `At most ${limits.uploadsPerHour} uploads an hour`, {
        "retry-after": String(uploads.retryAfterS(address)),
      });
    }
    if (uploading >= UPLOADS_AT_ONCE) {
      throw new HttpError(503, "Too many uploads at once: try again", { "retry-after": "2" });
    }
    uploading++;
    try {
      const { record, known } = await takeUpload(c.req.raw, registry);
      const { id, ownerPubkey, blobSize } = record;
      if (!known) {
        const { kind } = await isolationOf(record);
        log.info("pod_stored", { id, pod: record.podId, bytes: blobSize, isolation: kind });
      }
      const url = new URL(`/${id}`, c.req.url).href;
      return c.json({ id, url, ownerPubkey, blobSize }, 201, {
        location: url,
        "access-control-allow-origin": "*",
      });
    } finally {
      uploading--;
    }
  });

  app.get("/:id{[A-Za-z0-9_-]{12}}/meta", async (c) => {
    const { id, name, ownerPubkey, manifestSize, blobSize, createdAt, hits } = await find(
      c.req.param("id"),
    );
    return c.json({ id, name, ownerPubkey, manifestSize, blobSize, createdAt, hits }, 200, {
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    });
  });

  app.get("/:id{[A-Za-z0-9_-]{12}}", async (c) => {
    const record = await find(c.req.param("id"));
    const headers = pageHeaders(record, await isolationOf(record), new URL(c.req.url));
    if (c.req.method === "HEAD") {
      return c.body(null, 200, { ...headers, "content-length": String(record.blobSize) });
    }
    await registry.bumpHits(record.id);
    if (isFresh(record, c.req.header("if-none-match"))) return c.body(null, 304, headers);
    const blob = await registry.getBlob(record.id);
    if (blob === undefined) throw notFound();
    return c.body(blob, 200, { ...headers, "content-length": String(record.blobSize) });
  });

  app.notFound((c) => c.json({ error: notFound().message }, 404));

  app.onError((error, c) => {
    if (error instanceof HttpError) {
      return c.json({ error: error.message }, error.status, error.headers);
    }
    log.error("request_failed", { path: c.req.path, error: errorMessage(error) });
    return c.json({ error: "The broker failed to answer" }, 500);
  });

  async function find(id: string): Promise<PodRecord> {
    const record = await registry.getRecord(id);
    if (record === undefined) throw notFound();
    return record;
  }

  /**
   * A page shares the origin, and with it the storage, of others only when it runs nothing but a
   * runtime we know and speaks for a pod that is its owner's: the runtime keeps conversations by
   * pod id, and a stranger's page for the same pod would find them.
   */
  async function isolationOf(record: PodRecord): Promise<PageIsolation> {
    if (trust === undefined) return { kind: "off" };
    const { scripts, podId, ownerPubkey } = record;
    if (scripts === null || !await trust.trusts(scripts)) return { kind: "sandboxed" };
    if (await registry.owner(podId) !== ownerPubkey) return { kind: "sandboxed" };
    return { kind: "known", scriptHashes: scripts.hashes };
  }

  return app;
}

function notFound(): HttpError {
  return new HttpError(404, "There is no such page here");
}

import type { Logger } from "../../base/mod.ts";
import type { BrokerLimits } from "../limits.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { RateWindow } from "../rate_window.ts";
import type { PodRecord, Registry } from "../registry/registry.ts";
import type { RuntimeTrust } from "../runtime_trust.ts";
import { Tally } from "../tally.ts";
import { addRoute } from "./add_route.ts";
import { type App, clientUrl } from "./app_env.ts";
import { HttpError } from "./http_error.ts";
import { isolationOf, type PageIsolation } from "./page_isolation.ts";
import { uploadsInto } from "./upload.ts";

/** What uploads are taken with. */
export interface UploadOptions {
  registry: Registry;
  limits: Pick<BrokerLimits, "uploadsPerHour" | "uploadsAtOnce">;
  log: Logger;
  trust: RuntimeTrust | undefined;
  metrics: Pick<Metrics, "uploads" | "uploadBytes">;
}

/** Uploads that are taken in at once: each may take its 50 MiB of disk while it comes in. */
const UPLOADS_AT_ONCE = 16;

const HOUR_MS = 60 * 60_000;

/** When others may be done. */
const SOON = { "retry-after": "2" };

/** `POST /pods`. */
export function addUploadRoute(app: App, options: UploadOptions): void {
  const { registry, limits, log, trust, metrics } = options;
  const uploads = new RateWindow(limits.uploadsPerHour, HOUR_MS, () => performance.now());
  const takeUpload = uploadsInto(registry, log);
  const ofAddress = new Tally();
  let uploading = 0;

  /** Of uploads that are in progress before those of the hour: who has to wait loses none of them. */
  function refuseTooMany(address: string): void {
    const { uploadsAtOnce, uploadsPerHour } = limits;
    if (ofAddress.of(address) >= uploadsAtOnce) {
      throw new HttpError(429, `At most ${uploadsAtOnce} uploads at once`, SOON);
    }
    if (uploading >= UPLOADS_AT_ONCE) {
      throw new HttpError(503, "Too many uploads at once: try again", SOON);
    }
    if (!uploads.take(address)) {
      const seconds = String(uploads.retryAfterS(address));
      throw new HttpError(429, `At most ${uploadsPerHour} uploads an hour`, {
        "retry-after": seconds,
      });
    }
  }

  addRoute(app, "/pods", {
    async POST(c) {
      const { address } = c.env;
      refuseForeignPage(c.req.header("origin"), clientUrl(c));
      refuseTooMany(address);
      uploading++;
      ofAddress.add(address);
      try {
        const { record, known } = await takeUpload(c.req.raw);
        const isolation = await isolationOf(record, trust, registry);
        logUpload(log, known ? "pod_known" : "pod_stored", { ...record, address }, isolation);
        const { id, ownerPubkey, blobSize } = record;
        metrics.uploads[known ? "known" : "stored"]++;
        if (!known) metrics.uploadBytes += blobSize;
        const url = new URL(`/${id}`, clientUrl(c)).href;
        return c.json({ id, url, ownerPubkey, blobSize }, 201, { location: url });
      } finally {
        uploading--;
        ofAddress.remove(address);
      }
    },
  });
}

/**
 * Programs upload, and browsers do not: a web page that made its visitors' browsers do it would do
 * it in their names and at the cost of their limits. Browsers say whose page it is that asks, and a
 * plain text they would send without asking us first (Fetch, "CORS-safelisted request-header").
 */
function refuseForeignPage(origin: string | undefined, url: URL): void {
  if (origin === undefined || URL.parse(origin)?.host === url.host) return;
  throw new HttpError(403, "A web page of another site cannot upload: use a program such as curl");
}

/** Also of a page that is known: its operator finds out by it why it is sandboxed. */
function logUpload(
  log: Logger,
  event: "pod_known" | "pod_stored",
  { id, podId: pod, blobSize: bytes, address }: PodRecord & { address: string },
  isolation: PageIsolation,
): void {
  const reason = isolation.kind === "sandboxed" ? isolation.reason : undefined;
  log.info(event, {
    id,
    pod,
    bytes,
    address,
    isolation: isolation.kind,
    ...(reason && { why: reason.why }),
    // A line each of `--trust-runtimes`, for an operator who knows them.
    ...(reason?.why === "runtimes" && { unknown: reason.unknown.join(",") }),
  });
}

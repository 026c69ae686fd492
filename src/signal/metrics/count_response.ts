import { type Metrics, routeOf } from "./metrics.ts";

/** What each status of an upload says of it; 201 is counted where it is known what was stored. */
const UPLOAD_RESULTS: Readonly<Record<number, keyof Metrics["uploads"]>> = {
  400: "bad_page",
  408: "timed_out",
  413: "too_large",
  415: "wrong_type",
  429: "rate_limited",
  503: "busy",
  507: "no_room",
};

/**
 * Counts what a request was answered with.
 *
 * @param seconds that the answer took
 */
export function countResponse(
  metrics: Metrics,
  request: Request,
  response: Response,
  seconds: number,
): void {
  const route = routeOf(request.method, new URL(request.url).pathname);
  const { status } = response;
  metrics.countRequest(route, status);
  if (route === "page" && status === 200 && request.method === "GET") {
    metrics.pageBytes += Number(response.headers.get("content-length") ?? 0);
  }
  if (route !== "upload") return;
  if (status === 201) metrics.uploadSeconds.observe(seconds);
  else metrics.uploads[UPLOAD_RESULTS[status] ?? (status < 500 ? "refused" : "failed")]++;
}

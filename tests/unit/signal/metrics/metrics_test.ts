import assert from "node:assert/strict";
import { countResponse } from "../../../../src/signal/metrics/count_response.ts";
import { Metrics, routeOf } from "../../../../src/signal/metrics/metrics.ts";

const routes: readonly [method: string, path: string, route: string][] = [
  ["GET", "/", "front"],
  ["GET", "/health", "health"],
  ["GET", "/metrics", "metrics"],
  ["GET", "/signal", "signal"],
  ["POST", "/pods", "upload"],
  ["GET", "/pods", "other"],
  ["GET", "/AZaz09_-AZaz", "page"],
  ["HEAD", "/AZaz09_-AZaz", "page"],
  ["GET", "/AZaz09_-AZaz/meta", "meta"],
  ["GET", "/AZaz09_-AZa", "other"],
  ["GET", "/../../etc/passwd", "other"],
];

for (const [method, path, route] of routes) {
  Deno.test(`${method} ${path} counts as ${route}`, () => {
    assert.equal(routeOf(method, path), route);
  });
}

function count(method: string, path: string, response: Response): Metrics {
  const metrics = new Metrics();
  countResponse(metrics, new Request(`http://broker${path}`, { method }), response, 0.2);
  return metrics;
}

Deno.test("pages count by what their answer holds", () => {
  const headers = { "content-length": "1000" };
  assert.equal(count("GET", "/AZaz09_-AZaz", new Response("x", { headers })).pageBytes, 1000);
  assert.equal(count("HEAD", "/AZaz09_-AZaz", new Response(null, { headers })).pageBytes, 0);
  assert.equal(count("GET", "/health", new Response("x", { headers })).pageBytes, 0);
});

Deno.test("uploads count by what was wrong with them", () => {
  for (
    const [status, result] of [[400, "bad_page"], [413, "too_large"], [403, "refused"], [
      500,
      "failed",
    ]] as const
  ) {
    const metrics = count("POST", "/pods", new Response(null, { status }));
    assert.equal(metrics.uploads[result], 1);
    assert.equal(metrics.requests.get("upload")?.get(status), 1);
  }
});

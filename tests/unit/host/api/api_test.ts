import assert from "node:assert/strict";
import { CodedError } from "../../../../src/base/mod.ts";
import { type ApiHost, createApi } from "../../../../src/host/api/api.ts";

const TOKEN = "0123456789abcdef";

function api(host: Partial<ApiHost> = {}) {
  const calls: string[] = [];
  const app = createApi({
    info: () => ({ pid: 7, version: "1.2.3", startedAt: "2026-01-01T00:00:00.000Z", podCount: 0 }),
    pods: () => [],
    addPodFromDir: (dir) => {
      calls.push(`add ${dir}`);
      return Promise.resolve("pod");
    },
    requestShutdown: () => void calls.push("shutdown"),
    ...host,
  }, TOKEN);
  const request = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    app.request(`http://localhost:57447${path}`, {
      ...init,
      headers: { host: "localhost:57447", ...headers },
    });
  return { calls, request };
}

const withToken = { "X-Gemmapod-Token": TOKEN };

Deno.test("GET /auth gives the token to this machine", async () => {
  const { request } = api();
  for (const host of ["localhost:57447", "127.0.0.1:57447", "[::1]:57447", "localhost"]) {
    const response = await request("/auth", { host });
    assert.equal(response.status, 200, host);
    assert.deepEqual(await response.json(), { token: TOKEN });
  }
  const own = await request("/auth", { origin: "http://localhost:57447" });
  assert.equal(own.status, 200);
});

Deno.test("GET /auth gives nothing to a rebound name, another origin, or a foreign page", async () => {
  const { request } = api();
  const foreign: Record<string, string>[] = [
    { host: "evil.example:57447" },
    { host: "localhost.evil.example:57447" },
    { host: "127.0.0.1.evil.example" },
    { host: "localhost@evil.example" },
    { host: "" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "file://" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    const response = await request("/auth", headers);
    assert.equal(response.status, 403, JSON.stringify(headers));
    assert.doesNotMatch(await response.text(), new RegExp(TOKEN));
  }
});

Deno.test("every /api/v1 route needs the token, and a loopback name besides", async () => {
  const { request, calls } = api();
  for (
    const [method, path] of [["GET", "/host"], ["POST", "/host/shutdown"], ["GET", "/pods"], [
      "POST",
      "/pods",
    ], ["GET", "/no-such-route"]] as const
  ) {
    for (const token of [undefined, "", "wrong", `${TOKEN}x`, TOKEN.slice(1)]) {
      const headers: Record<string, string> = token === undefined
        ? {}
        : { "X-Gemmapod-Token": token };
      const response = await request(`/api/v1${path}`, headers, { method });
      assert.equal(response.status, 401, `${method} ${path} ${token}`);
      assert.match((await response.json()).error, /X-Gemmapod-Token/);
    }
    const rebound = await request(`/api/v1${path}`, { ...withToken, host: "evil.example" }, {
      method,
    });
    assert.equal(rebound.status, 403);
  }
  assert.deepEqual(calls, []);
});

Deno.test("with the token the Host tells of itself and its pods, and stops when asked", async () => {
  const { request, calls } = api();
  assert.equal((await (await request("/api/v1/host", withToken)).json()).pid, 7);
  assert.deepEqual(await (await request("/api/v1/pods", withToken)).json(), { pods: [] });
  const stop = await request("/api/v1/host/shutdown", withToken, { method: "POST" });
  assert.deepEqual([stop.status, calls], [200, ["shutdown"]]);
});

Deno.test("POST /api/v1/pods: 201, 409 where it is served already, 400 for anything that is wrong", async () => {
  const post = (body: string, host: Partial<ApiHost> = {}) => {
    const { request } = api(host);
    return request("/api/v1/pods", withToken, { method: "POST", body });
  };
  const failing = (code: string) => ({
    addPodFromDir: () => Promise.reject(new CodedError(code, "Cannot add it")),
  });
  const body = JSON.stringify({ dir: "/pods/hello" });
  const created = await post(body);
  assert.deepEqual([created.status, await created.json()], [201, {
    ok: true,
    podId: "pod",
    model: null,
  }]);
  assert.equal((await post(body, failing("pod_exists"))).status, 409);
  assert.equal((await post(body, failing("no_pod"))).status, 400);
  for (const bad of ["", "null", "{", "[]", `{"dir":""}`, `{"dir":5}`]) {
    assert.equal((await post(bad)).status, 400, bad);
  }
  assert.equal((await post(`{"dir":"${"x".repeat(2_000_000)}"}`)).status, 413);
});

Deno.test("what is not there is a 404 with a reason, and nothing may be kept by a browser", async () => {
  const { request } = api();
  const response = await request("/nothing");
  assert.equal(response.status, 404);
  assert.ok((await response.json()).error);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
});

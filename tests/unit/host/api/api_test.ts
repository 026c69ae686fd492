import assert from "node:assert/strict";
import { createLogger } from "../../../../src/base/mod.ts";
import { fakeApi, TOKEN, WITH_TOKEN } from "./fake_host.ts";

const NO_TOKEN = { "X-Gemmapod-Token": "" };

Deno.test("GET /auth gives the token to this machine", async () => {
  const { ask } = fakeApi();
  for (const host of ["localhost:57447", "127.0.0.1:57447", "[::1]:57447", "localhost"]) {
    const response = await ask("/auth", { headers: { host, ...NO_TOKEN } });
    assert.equal(response.status, 200, host);
    assert.deepEqual(await response.json(), { token: TOKEN });
  }
  const own = await ask("/auth", { headers: { origin: "http://localhost:57447" } });
  assert.equal(own.status, 200);
});

Deno.test("GET /auth gives nothing to a rebound name, another origin, or a foreign page", async () => {
  const { ask } = fakeApi();
  const foreign: Record<string, string>[] = [
    { host: "evil.example:57447" },
    { host: "localhost.evil.example:57447" },
    { host: "127.0.0.1.evil.example" },
    { host: "localhost@evil.example" },
    { host: "" },
    { origin: "https://evil.example" },
    { origin: "http://127.0.0.1.evil.example" },
    { origin: "null" },
    { origin: "file://" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
  ];
  for (const headers of foreign) {
    const response = await ask("/auth", { headers });
    assert.equal(response.status, 403, JSON.stringify(headers));
    const text = await response.text();
    assert.ok(JSON.parse(text).error);
    assert.ok(!text.includes(TOKEN));
  }
});

Deno.test("every /api/v1 route needs the token, and a loopback name besides", async () => {
  const { ask, calls } = fakeApi();
  const routes = [
    ["GET", "/host"],
    ["POST", "/host/shutdown"],
    ["GET", "/pods"],
    ["POST", "/pods"],
    ["GET", "/pods/pod"],
    ["POST", "/pods/pod/stop"],
    ["POST", "/pods/pod/chat"],
    ["GET", "/pods/pod/peers"],
    ["DELETE", "/pods/pod/conversations/c"],
    ["GET", "/pods/pod/data"],
    ["PUT", "/pods/pod/data/a.json"],
    ["GET", "/events/stream"],
    ["GET", "/queues"],
    ["GET", "/models"],
    ["GET", "/no-such-route"],
  ] as const;
  for (const [method, path] of routes) {
    for (const token of ["", "wrong", `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()]) {
      const headers = { "X-Gemmapod-Token": token };
      const response = await ask(`/api/v1${path}`, { method, headers });
      assert.equal(response.status, 401, `${method} ${path} ${token}`);
      assert.match((await response.json()).error, /X-Gemmapod-Token/);
    }
    const headers = { ...WITH_TOKEN, host: "evil.example" };
    assert.equal((await ask(`/api/v1${path}`, { method, headers })).status, 403);
  }
  assert.deepEqual(calls, []);
});

Deno.test("with the token the Host tells of itself and its models, and stops when asked", async () => {
  const { ask, calls } = fakeApi();
  assert.equal((await (await ask("/api/v1/host")).json()).pid, 7);
  const models = await (await ask("/api/v1/models")).json();
  assert.deepEqual(models, {
    url: "http://localhost:11434",
    connected: true,
    format: "ollama",
    models: ["m"],
  });
  assert.deepEqual(await (await ask("/api/v1/ollama")).json(), models);
  assert.deepEqual(await (await ask("/api/v1/queues")).json(), {
    queues: [{ url: "http://localhost:11434", running: 1, waiting: 2 }],
  });
  const stop = await ask("/api/v1/host/shutdown", { method: "POST" });
  assert.deepEqual([stop.status, await stop.json(), calls], [200, { ok: true }, ["shutdown"]]);
});

Deno.test("what is not there is a 404, a wrong method a 405 that names the right ones", async () => {
  const { ask } = fakeApi();
  for (const path of ["/nothing", "/api/v1/nothing", "/api/v1/pods/pod/nothing", "/"]) {
    const response = await ask(path);
    assert.equal(response.status, 404, path);
    assert.ok((await response.json()).error);
  }
  for (
    const [method, path, allowed] of [
      ["DELETE", "/api/v1/host", "GET"],
      ["PATCH", "/api/v1/pods", "GET, POST"],
      ["POST", "/api/v1/openapi.json", "GET"],
      ["GET", "/api/v1/host/shutdown", "POST"],
      ["POST", "/auth", "GET"],
    ] as const
  ) {
    const response = await ask(path, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, allowed], path);
    assert.ok((await response.json()).error);
  }
});

Deno.test("every answer forbids to be kept, framed, or taken for something else", async () => {
  const { ask } = fakeApi();
  for (const path of ["/auth", "/api/v1/host", "/nothing", "/api/v1/openapi.json"]) {
    const { headers } = await ask(path);
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("x-frame-options"), "DENY", path);
    assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
    assert.equal(headers.get("access-control-allow-origin"), null);
  }
  const refused = await ask("/auth", { headers: { host: "evil.example" } });
  assert.equal(refused.headers.get("cache-control"), "no-store");
});

Deno.test("a body that is no JSON, too long, or of another type is 400, 413 and 415", async () => {
  const { ask, calls } = fakeApi();
  const post = (body: BodyInit, type = "application/json") =>
    ask("/api/v1/pods", { method: "POST", body, headers: { "content-type": type } });
  for (const bad of ["", "null", "{", "[]", `{"dir":""}`, `{"dir":5}`, `{"model":"m"}`]) {
    const response = await post(bad);
    assert.equal(response.status, 400, bad);
    assert.match((await response.json()).error, /^(The body|Cannot read the body)/);
  }
  assert.equal((await post(new Uint8Array([0x22, 0xff, 0x22]))).status, 400);
  assert.equal((await post(`{"dir":"${"x".repeat(2_000_000)}"}`)).status, 413);
  const pieces = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024)),
  });
  assert.equal((await post(pieces)).status, 413); // nobody announced how long it is
  assert.equal((await post(`{"dir":"/a"}`, "text/plain")).status, 415);
  assert.equal((await post(`{"dir":"/a"}`, "application/x-www-form-urlencoded")).status, 415);
  assert.deepEqual(calls, []);
  assert.equal((await post(`{"dir":"/a"}`, "application/json; charset=utf-8")).status, 201);
});

Deno.test("a fault of the Host's own is a 500 that says no more than where to look", async () => {
  const lines: string[] = [];
  const { ask } = fakeApi({
    info: () => {
      throw new Error("/home/owner/secret is gone");
    },
  }, { log: createLogger({ name: "host", write: (line) => lines.push(line) }) });
  const response = await ask("/api/v1/host");
  assert.deepEqual([response.status, await response.json()], [500, {
    error: "The Host failed to answer; its log says why",
  }]);
  assert.match(lines[0] ?? "", /secret is gone/);
});

import assert from "node:assert/strict";
import { HostApi } from "../../../../web/dashboard/api/host_api.ts";
import { hostInfo } from "../../../../web/dashboard/api/schemas.ts";

const INFO = { pid: 1, version: "1", startedAt: "2026-01-01T00:00:00Z", podCount: 0 };

/** A Host as `fetch` sees it; `token` may change as when it is restarted. */
function host(answer: () => Response) {
  const seen: string[] = [];
  const made = {
    token: "first",
    seen,
    fetch(input: URL | RequestInfo, init?: RequestInit): Promise<Response> {
      const token = new Headers(init?.headers).get("X-Gemmapod-Token");
      seen.push(`${init?.method} ${input} ${token}`);
      if (input === "/auth") return Promise.resolve(Response.json({ token: made.token }));
      const isAllowed = token === made.token;
      return Promise.resolve(
        isAllowed ? answer() : Response.json({ error: "no" }, { status: 401 }),
      );
    },
  };
  return made;
}

Deno.test("the token is fetched once, and again when the Host has another", async () => {
  const fake = host(() => Response.json(INFO));
  const api = new HostApi({ fetch: fake.fetch });
  await api.request("/host", hostInfo);
  await api.request("/host", hostInfo);
  fake.token = "second";
  assert.deepEqual(await api.request("/host", hostInfo), INFO);
  assert.deepEqual(fake.seen, [
    "GET /auth null",
    "GET /api/v1/host first",
    "GET /api/v1/host first",
    "GET /api/v1/host first",
    "GET /auth first",
    "GET /api/v1/host second",
  ]);
});

Deno.test("a refusal carries the Host's own words", async () => {
  const issues = [{ message: "one" }, { message: "two" }];
  const fake = host(() => Response.json({ error: "It is there", issues }, { status: 409 }));
  await assert.rejects(new HostApi({ fetch: fake.fetch }).request("/pods", hostInfo), {
    code: "refused",
    status: 409,
    message: "It is there",
    issues: ["one", "two"],
  });
});

Deno.test("an answer that is not what it should be is refused, as is none", async () => {
  const api = new HostApi({ fetch: host(() => Response.json({ pid: "x" })).fetch });
  await assert.rejects(api.request("/host", hostInfo), { code: "refused" });
  const dead = new HostApi({ fetch: () => Promise.reject(new TypeError("Failed to fetch")) });
  await assert.rejects(dead.request("/host", hostInfo), { code: "unreachable", status: 0 });
});

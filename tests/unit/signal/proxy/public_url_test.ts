import assert from "node:assert/strict";
import { publicUrl } from "../../../../src/signal/proxy/public_url.ts";
import { trustedProxies } from "../../../../src/signal/proxy/trusted_proxies.ts";

const LOOPBACK = trustedProxies(["loopback"]);
const INSIDE = "http://127.0.0.1:8080/pods?x=1";

const cases: readonly [headers: Record<string, string>, is: string][] = [
  [{}, INSIDE],
  [{ "x-forwarded-proto": "https" }, "https://127.0.0.1:8080/pods?x=1"],
  [
    { "x-forwarded-proto": "HTTPS", "x-forwarded-host": "pods.example" },
    "https://pods.example/pods?x=1",
  ],
  [{ "x-forwarded-host": "pods.example:8443" }, "http://pods.example:8443/pods?x=1"],
  [{ "x-forwarded-host": "[2001:db8::1]:8443" }, "http://[2001:db8::1]:8443/pods?x=1"],
  [{ "x-forwarded-host": "evil.example, pods.example" }, "http://pods.example/pods?x=1"],
  [{ "x-forwarded-proto": "javascript" }, INSIDE],
  [{ "x-forwarded-proto": "https://evil.example/?" }, INSIDE],
  [{ "x-forwarded-host": "evil.example/path" }, INSIDE],
  [{ "x-forwarded-host": "user@evil.example" }, INSIDE],
  [{ "x-forwarded-host": 'evil.example"><script>' }, INSIDE],
  [{ "x-forwarded-host": "evil.example:99999" }, INSIDE],
  [{ "x-forwarded-host": "" }, INSIDE],
  [{ "x-forwarded-host": ".." }, INSIDE],
  [{ "x-forwarded-host": "[::::]" }, INSIDE],
];

for (const [headers, is] of cases) {
  Deno.test(`behind a trusted proxy, ${JSON.stringify(headers)} makes ${is}`, () => {
    const request = new Request(INSIDE, { headers });
    assert.equal(publicUrl(request, "127.0.0.1", LOOPBACK).href, is);
  });
}

Deno.test("a stranger's headers change nothing", () => {
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "evil.example" };
  const request = new Request(INSIDE, { headers });
  assert.equal(publicUrl(request, "192.0.2.1", LOOPBACK).href, INSIDE);
  assert.equal(publicUrl(request, "127.0.0.1", undefined).href, INSIDE);
});

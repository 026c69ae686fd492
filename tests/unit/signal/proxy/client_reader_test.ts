import assert from "node:assert/strict";
import { createLogger } from "../../../../src/base/mod.ts";
import { clientReader } from "../../../../src/signal/proxy/client_reader.ts";

function reader(...trustProxy: string[]) {
  const lines: string[] = [];
  const log = createLogger({ name: "signal", write: (line) => lines.push(line) });
  return { read: clientReader(trustProxy, log), lines };
}

const forwarded = (headers: Record<string, string> = {}) =>
  new Request("http://broker/", { headers: { "x-forwarded-for": "2001:db8:0:1::7", ...headers } });

Deno.test("a client is who asks, before the proxies, by the first half of its IPv6 address", () => {
  const { read, lines } = reader("loopback");
  assert.equal(read(forwarded(), "127.0.0.1").address, "2001:db8:0:1::/64");
  assert.deepEqual(lines, []);
});

Deno.test("that a proxy is not trusted is said once, and never because a stranger says so", () => {
  const { read, lines } = reader();
  assert.equal(read(forwarded(), "192.0.2.1").address, "192.0.2.1");
  assert.deepEqual(lines, []);
  assert.equal(read(forwarded(), "127.0.0.1").address, "127.0.0.1");
  read(forwarded(), "127.0.0.1");
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /start with --trust-proxy/);
});

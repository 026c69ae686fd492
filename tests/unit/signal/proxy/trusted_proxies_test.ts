import assert from "node:assert/strict";
import { isProxyRange, trustedProxies } from "../../../../src/signal/proxy/trusted_proxies.ts";

const inside: readonly [range: string, address: string][] = [
  ["192.0.2.1", "192.0.2.1"],
  ["192.0.2.1", "::ffff:192.0.2.1"],
  ["192.0.2.0/24", "192.0.2.255"],
  ["0.0.0.0/0", "198.51.100.7"],
  ["2001:db8::/32", "2001:db8:ffff::1"],
  ["loopback", "127.3.2.1"],
  ["loopback", "::1"],
  ["private", "172.31.255.255"],
  ["private", "fd12::1"],
];

for (const [range, address] of inside) {
  Deno.test(`${range} holds ${address}`, () => {
    assert.equal(trustedProxies([range])?.has(address), true);
  });
}

const outside: readonly [range: string, address: string][] = [
  ["192.0.2.1", "192.0.2.2"],
  ["192.0.2.0/24", "192.0.3.0"],
  ["2001:db8::/32", "2001:db9::1"],
  ["loopback", "10.0.0.1"],
  ["private", "172.32.0.0"],
  ["private", "100.64.0.1"], // shared by a provider's customers (RFC 6598)
  ["private", "not an address"],
  ["private", ""],
];

for (const [range, address] of outside) {
  Deno.test(`${range} does not hold "${address}"`, () => {
    assert.equal(trustedProxies([range])?.has(address), false);
  });
}

for (
  const text of [
    "",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0/8",
    "::/129",
    "::1%lo",
    "localhost",
    "LOOPBACK",
    "constructor",
    "10.0.0.0/",
    "1e1.0.0.0",
  ]
) {
  Deno.test(`"${text}" is no range of proxies`, () => {
    assert.equal(isProxyRange(text), false);
    assert.throws(() => trustedProxies([text]), { code: "bad_proxy" });
  });
}

Deno.test("nobody is trusted where the list is empty", () => {
  assert.equal(trustedProxies([]), undefined);
});

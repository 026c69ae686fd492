import assert from "node:assert/strict";
import { clientAddress } from "../../../../src/signal/proxy/client_address.ts";
import { trustedProxies } from "../../../../src/signal/proxy/trusted_proxies.ts";

const USUAL = trustedProxies(["loopback", "private"]);

const cases: readonly [says: string, peer: string, header: string | undefined, is: string][] = [
  ["nothing", "127.0.0.1", undefined, "127.0.0.1"],
  ["its client", "127.0.0.1", "192.0.2.1", "192.0.2.1"],
  ["what a stranger made up", "127.0.0.1", "6.6.6.6, 192.0.2.1", "192.0.2.1"],
  ["two proxies", "127.0.0.1", "192.0.2.1, 10.0.0.7", "192.0.2.1"],
  ["two proxies and a tale", "10.0.0.1", "127.0.0.1, 192.0.2.1,10.0.0.7", "192.0.2.1"],
  ["only proxies", "127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"],
  ["IPv6", "::1", "2001:db8::7", "2001:db8::7"],
  ["IPv6 in brackets", "::1", "[2001:db8::7]", "2001:db8::7"],
  ["IPv6 with a port", "::1", "[2001:db8::7]:4711", "2001:db8::7"],
  ["IPv4 with a port", "::1", "192.0.2.1:4711", "192.0.2.1"],
  ["quotes", "::1", '"192.0.2.1"', "192.0.2.1"],
  ["a peer that is IPv4 in IPv6", "::ffff:127.0.0.1", "192.0.2.1", "192.0.2.1"],
  ["a proxy that is IPv4 in IPv6", "127.0.0.1", "192.0.2.1, ::ffff:10.0.0.1", "192.0.2.1"],
  ["nothing at all", "127.0.0.1", "", "127.0.0.1"],
  ["unknown", "127.0.0.1", "192.0.2.1, unknown", "127.0.0.1"],
  ["a hidden one", "127.0.0.1", "192.0.2.1, _hidden, 10.0.0.1", "10.0.0.1"],
  ["a number", "127.0.0.1", "3221225985", "127.0.0.1"],
  ["an octal address", "127.0.0.1", "0300.0.2.1", "127.0.0.1"],
  ["a name", "127.0.0.1", "localhost", "127.0.0.1"],
  ["a zone", "::1", "fe80::1%eth0", "::1"],
  ["a line break", "127.0.0.1", "192.0.2.1\t, \t", "127.0.0.1"],
  ["markup", "127.0.0.1", "<script>", "127.0.0.1"],
  ["commas", "127.0.0.1", ",,,,192.0.2.1,,,,", "127.0.0.1"],
  ["a thousand proxies", "127.0.0.1", `192.0.2.1${",10.0.0.1".repeat(1000)}`, "10.0.0.1"],
];

for (const [says, peer, header, is] of cases) {
  Deno.test(`behind a trusted proxy that says ${says}, the client is ${is}`, () => {
    const headers = new Headers(header === undefined ? {} : { "x-forwarded-for": header });
    assert.equal(clientAddress(peer, headers, USUAL), is);
  });
}

Deno.test("without trusted proxies, and from any other peer, the header says nothing", () => {
  const headers = new Headers({ "x-forwarded-for": "192.0.2.1" });
  assert.equal(clientAddress("127.0.0.1", headers, undefined), "127.0.0.1");
  assert.equal(clientAddress("198.51.100.1", headers, USUAL), "198.51.100.1");
});

Deno.test("Forwarded is not read: a visitor could send it through a proxy that sets the other", () => {
  const headers = new Headers({ "forwarded": "for=192.0.2.1" });
  assert.equal(clientAddress("127.0.0.1", headers, USUAL), "127.0.0.1");
});

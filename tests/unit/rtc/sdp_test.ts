import assert from "node:assert/strict";
import {
  candidateAttribute,
  isAddressable,
  mdnsCandidateAt,
  ownIpv4,
  withCandidates,
  withoutForeignNames,
  withVisitorAsDtlsClient,
} from "../../../src/rtc/sdp.ts";

Deno.test("withVisitorAsDtlsClient() takes the choice from an offer that leaves it", () => {
  for (const end of ["\r\n", "\n", ""]) {
    assert.equal(
      withVisitorAsDtlsClient(`a=mid:0${end || "\n"}a=setup:actpass${end}`),
      `a=mid:0${end || "\n"}a=setup:active${end}`,
    );
  }
});

Deno.test("withVisitorAsDtlsClient() leaves an offer alone that made the choice", () => {
  for (const offer of ["a=setup:active\r\n", "a=setup:passive\r\n", "a=x-setup:actpass\r\n"]) {
    assert.equal(withVisitorAsDtlsClient(offer), offer);
  }
});

for (
  const [address, addressable] of [
    ["192.0.2.1", true],
    ["2001:db8::1", true],
    ["::ffff:192.0.2.1", true],
    ["3f2a9c1e-6a2b-4c0d-9a55-0d2f6c1b7e11.local", true],
    ["evil.example.org", false],
    ["localhost", false],
    ["evil.example.org.local", false],
    ["", false],
  ] as const
) {
  Deno.test(`isAddressable() is ${addressable} for the address ${JSON.stringify(address)}`, () => {
    assert.equal(isAddressable(`candidate:1 1 UDP 2122 ${address} 9 typ host`), addressable);
  });
}

Deno.test("withoutForeignNames() drops the candidates alone that name a host to look up", () => {
  const [good, evil] = ["192.0.2.1", "evil.example.org"]
    .map((address) => `a=candidate:1 1 UDP 2122 ${address} 9 typ host\r\n`);
  assert.equal(
    withoutForeignNames(`v=0\r\n${evil}${good}a=mid:0\r\n`),
    `v=0\r\n${good}a=mid:0\r\n`,
  );
  assert.equal(withoutForeignNames(`v=0\r\n${evil?.trim()}`), "v=0\r\n");
});

Deno.test("candidateAttribute() takes the prefix of an SDP line from a candidate", () => {
  assert.equal(candidateAttribute("a=candidate:1 1"), "candidate:1 1");
  assert.equal(candidateAttribute("candidate:1 1"), "candidate:1 1");
});

Deno.test("withCandidates() adds lines at the end, whether the last line has one or not", () => {
  const candidates = [{ candidate: "candidate:1" }, null, { candidate: "candidate:2" }];
  for (const sdp of ["v=0", "v=0\r\n"]) {
    assert.equal(withCandidates(sdp, candidates), "v=0\r\na=candidate:1\r\na=candidate:2\r\n");
  }
});

Deno.test("mdnsCandidateAt() puts an address in place of an mDNS name, and of nothing else", () => {
  const at = (address: string) => `candidate:1 1 udp 2122 ${address} 4711 typ host generation 0`;
  assert.equal(mdnsCandidateAt(at("3f2a.local"), "192.0.2.1"), at("192.0.2.1"));
  assert.equal(mdnsCandidateAt(at("192.0.2.9"), "192.0.2.1"), undefined);
  assert.equal(mdnsCandidateAt("candidate:1", "192.0.2.1"), undefined);
});

Deno.test("ownIpv4() knows the addresses that are this machine's own", () => {
  const at = (address: string, type: string) =>
    `candidate:1 1 UDP 2122 ${address} 4711 typ ${type}`;
  assert.equal(ownIpv4(at("192.0.2.1", "host")), "192.0.2.1");
  assert.equal(ownIpv4(at("2001:db8::1", "host")), undefined);
  assert.equal(ownIpv4(at("192.0.2.1", "srflx")), undefined);
});

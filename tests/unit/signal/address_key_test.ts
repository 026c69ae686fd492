import assert from "node:assert/strict";
import { addressKey } from "../../../src/signal/address_key.ts";

for (
  const [address, key] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::7", "2001:db8:1:2::/64"],
    ["2001:db8::7", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ] as const
) {
  Deno.test(`addressKey() counts ${address} as ${key}`, () => {
    assert.equal(addressKey(address), key);
  });
}

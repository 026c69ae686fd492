/**
 * What limits count an address by. Of IPv6 the first 64 bits: whoever has one address there has all
 * of them (RFC 6177 section 2). An IPv4 address inside an IPv6 one counts as itself.
 *
 * @example
 * ```ts
 * import { addressKey } from "./address_key.ts";
 *
 * if (addressKey("2001:db8:0:1::7") !== "2001:db8:0:1::/64") throw new Error();
 * if (addressKey("::ffff:192.0.2.1") !== "192.0.2.1") throw new Error();
 * ```
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groups = head.split(":").filter((group) => group !== "");
  if (tail !== undefined) {
    const after = tail.split(":").filter((group) => group !== "");
    while (groups.length + after.length < 8) groups.push("0");
    groups.push(...after);
  }
  return `${groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":")}::/64`;
}

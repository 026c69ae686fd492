import { BlockList, isIP } from "node:net";
import { CodedError } from "../../base/mod.ts";

/** Whose `X-Forwarded-…` headers count. */
export interface TrustedProxies {
  has(address: string): boolean;
}

/** Words for networks that nobody on the internet can send from (RFC 1122, 1918, 4193, 3927, 4291). */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  private: [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
  ],
};

/** `--trust-proxy` alone: a proxy on this machine, or in its own network, as with containers. */
export const USUAL_PROXIES: readonly string[] = ["loopback", "private"];

/** Whether a text can stand in {@linkcode trustedProxies}' list. */
export function isProxyRange(text: string): boolean {
  return rangesOf(text).every((range) => range !== undefined);
}

/**
 * The proxies of a list: addresses, networks as `10.0.0.0/8`, and the words `loopback` and
 * `private`. Undefined for an empty list: then nobody's headers count.
 *
 * Throws {@linkcode CodedError} `bad_proxy` for anything else in it.
 *
 * @example
 * ```ts
 * import { trustedProxies } from "./trusted_proxies.ts";
 *
 * const proxies = trustedProxies(["loopback", "2001:db8::/32"]);
 * if (!proxies?.has("2001:db8::7") || proxies.has("192.0.2.1")) throw new Error();
 * ```
 */
export function trustedProxies(list: readonly string[]): TrustedProxies | undefined {
  if (list.length === 0) return undefined;
  const blocks = new BlockList();
  for (const text of list) {
    for (const range of rangesOf(text)) {
      if (range === undefined) {
        throw new CodedError(
          "bad_proxy",
          `Cannot trust the proxy "${text}": expected an address, a network such as 10.0.0.0/8, ` +
            `loopback or private`,
        );
      }
      blocks.addSubnet(range.address, range.bits, range.family);
    }
  }
  return {
    has(address) {
      const family = familyOf(address);
      return family !== undefined && blocks.check(address, family);
    },
  };
}

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

function rangesOf(text: string): (Range | undefined)[] {
  return (Object.hasOwn(NAMED, text) ? NAMED[text] ?? [] : [text]).map(rangeOf);
}

function rangeOf(text: string): Range | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = familyOf(address);
  if (family === undefined || rest.length > 0) return undefined;
  const most = family === "ipv4" ? 32 : 128;
  if (prefix === undefined) return { address, bits: most, family };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  return bits <= most ? { address, bits, family } : undefined;
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  switch (isIP(address)) {
    case 4:
      return "ipv4";
    case 6:
      return address.includes("%") ? undefined : "ipv6"; // a zone is one machine's own business
    default:
      return undefined;
  }
}

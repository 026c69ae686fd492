import * as z from "zod";
import { CodedError } from "../base/mod.ts";

/** One STUN or TURN server, as browsers write it (W3C WebRTC 4.2.4, `RTCIceServer`). */
export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Two public STUN servers of two operators: they tell a machine how the world sees it. */
export const DEFAULT_ICE_SERVERS: readonly IceServer[] = [
  { urls: "stun:stun.l.google.com:19302" },
  { urls: "stun:stun.cloudflare.com:3478" },
];

/** A server in the addon's words. */
export type NativeIceServer = string | {
  hostname: string;
  port: number;
  username: string;
  password: string;
  relayType: "TurnUdp" | "TurnTcp" | "TurnTls";
};

const schema = z.array(z.object({
  urls: z.union([z.string(), z.array(z.string()).min(1)]),
  username: z.string().optional(),
  credential: z.string().optional(),
}));

/**
 * Reads `GEMMAPOD_ICE_SERVERS` or `--ice-servers`: a JSON array of RTCIceServer (host.md).
 *
 * Throws {@linkcode CodedError} `bad_ice_servers`.
 *
 * @example
 * ```ts
 * import { parseIceServers } from "./ice_servers.ts";
 *
 * const [server] = parseIceServers('[{"urls":"stun:stun.example.org"}]');
 * if (server?.urls !== "stun:stun.example.org") throw new Error("lost");
 * ```
 */
export function parseIceServers(json: string): IceServer[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw bad("it is not JSON"); // what the parser says quotes a piece of it, maybe of a password
  }
  const result = schema.safeParse(value);
  if (!result.success) throw bad("expected an array of {urls, username?, credential?}");
  nativeIceServers(result.data);
  return result.data;
}

/** `stun:host[:port]` of RFC 7064 and `turn:host[:port][?transport=…]` of RFC 7065. */
const ICE_URL =
  /^(stuns?|turns?):(\[[0-9a-fA-F:.]+\]|[^:?@[\]/]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/;

/**
 * Servers in the addon's words.
 *
 * Throws {@linkcode CodedError} `bad_ice_servers` for an address that is none, and for TURN
 * without a name and password.
 */
export function nativeIceServers(servers: readonly IceServer[]): NativeIceServer[] {
  return servers.flatMap((server) => {
    const urls = typeof server.urls === "string" ? [server.urls] : server.urls;
    return urls.map((url) => nativeIceServer(url, server));
  });
}

function nativeIceServer(url: string, server: IceServer): NativeIceServer {
  const [, scheme, host, portText, transport] = ICE_URL.exec(url) ?? [];
  if (scheme === undefined || host === undefined) {
    throw bad(`"${url}" is not of the form stun:host:port or turn:host:port`);
  }
  const secure = scheme.endsWith("s");
  const port = Number(portText ?? (secure ? 5349 : 3478)); // RFC 7064 and 7065, section 3
  if (port < 1 || port > 65_535) throw bad(`"${url}" has no such port`);
  if (scheme.startsWith("stun")) return `${scheme}:${host}:${port}`;
  const { username, credential } = server;
  if (!username || !credential) throw bad(`"${url}" needs a username and a credential`);
  return {
    hostname: host.replace(/^\[|\]$/g, ""),
    port,
    username,
    password: credential,
    relayType: secure ? "TurnTls" : transport === "tcp" ? "TurnTcp" : "TurnUdp",
  };
}

function bad(reason: string): CodedError {
  return new CodedError("bad_ice_servers", `Cannot use the ICE servers: ${reason}`);
}

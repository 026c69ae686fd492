import type { DartcConfig, IceServerConfig } from "../pod/mod.ts";

/** What tells a peer its public address where the pod names nothing: two, of two operators. */
export const DEFAULT_ICE_SERVERS: readonly IceServerConfig[] = [
  { urls: ["stun:stun.l.google.com:19302", "stun:stun.cloudflare.com:3478"] },
];

/**
 * The ICE servers of a pod: its own, else the defaults; none where the broker is on this machine,
 * since then the Host is too, and nobody outside is asked about it.
 */
export function iceServersOf(config: DartcConfig): readonly IceServerConfig[] {
  return config.iceServers ?? (isLoopback(config.signalUrl) ? [] : DEFAULT_ICE_SERVERS);
}

function isLoopback(address: string): boolean {
  let host: string;
  try {
    host = new URL(address).hostname;
  } catch {
    return false; // whoever dials it says what is wrong
  }
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(host);
}

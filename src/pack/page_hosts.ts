import type { Manifest } from "../pod/mod.ts";

/** A server that a page contacts, and what for. */
export interface PageHost {
  /** `host` or `host:port`. */
  readonly host: string;
  /**
   * `broker`: introduces it to the Host; `stun`: tells its public address; `model`: answers, over
   * HTTP; `download`: gives the in-browser model, at the visitor's click; `fetch`: asked for the pod,
   * once the visitor has agreed.
   */
  readonly purpose: "broker" | "stun" | "model" | "download" | "fetch";
}

/** Whether a page contacts a server by itself, or a visitor has to do something first. */
export function isByItself({ purpose }: PageHost): boolean {
  return purpose !== "download" && purpose !== "fetch";
}

/** What the runtime asks for its public address where a broker is not on this machine. */
const STUN_HOSTS = ["stun.l.google.com:19302", "stun.cloudflare.com:3478"];

/** Where the in-browser model comes from (signaling.md, "HTTP"). */
const DOWNLOAD_HOSTS = ["cdn.jsdelivr.net", "huggingface.co"];

/** The capability that names a host after its colon (runtime.md, "Capabilities"). */
const FETCH_FROM = "network.fetch:";

/** The servers that the runtime of this build contacts for a manifest, in order. */
export function pageHosts({ transport, capabilities }: Manifest): PageHost[] {
  const { dartc, direct, fallback } = transport;
  const hosts: PageHost[] = [];
  const add = (purpose: PageHost["purpose"], names: readonly string[]) => {
    for (const host of names) {
      if (!hosts.some((other) => other.host === host)) hosts.push({ host, purpose });
    }
  };
  if (dartc) {
    const url = URL.parse(dartc.signal_url);
    add("broker", [url?.host || dartc.signal_url]);
    if (url === null || !isLoopback(url.hostname)) add("stun", STUN_HOSTS);
  }
  if (direct) add("model", [URL.parse(direct.base_url)?.host || direct.base_url]);
  if (fallback) add("download", DOWNLOAD_HOSTS);
  const names = (capabilities ?? []).map(({ name }) => name);
  const fetched = names.filter((name) => name.startsWith(FETCH_FROM));
  add("fetch", fetched.map((name) => name.slice(FETCH_FROM.length).toLowerCase()));
  return hosts;
}

/** Whether a host is this machine: its Host is too, and nobody outside is asked about it. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" ||
    /^127(?:\.\d{1,3}){3}$/.test(host);
}

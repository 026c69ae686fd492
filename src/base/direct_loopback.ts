/** This machine's own names, as `NO_PROXY` has them. */
const LOOPBACK = ["localhost", "127.0.0.1", "::1"] as const;

/**
 * Keeps requests to this machine on this machine: with `HTTP_PROXY` set, Deno would take those to
 * the Host's own API, to Ollama and to a broker on loopback to the proxy, and the API's token with
 * them. To be called before the first request.
 */
export function reachLoopbackDirectly(): void {
  const before = Deno.env.get("NO_PROXY") || Deno.env.get("no_proxy") || "";
  const named = before.split(",").map((name) => name.trim()).filter((name) => name !== "");
  Deno.env.set("NO_PROXY", [...new Set([...named, ...LOOPBACK])].join(","));
}

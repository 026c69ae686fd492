import { CodedError } from "../base/mod.ts";
import type { HostClient, ServedPodInfo } from "./host_client.ts";

/**
 * The pod of the running Host that a person named by its id, or by a name that only one of them has.
 *
 * Rejects with {@linkcode CodedError} `no_such_pod`.
 */
export async function servedPodNamed(host: HostClient, text: string): Promise<ServedPodInfo> {
  const pods = await host.pods();
  const byName = pods.filter(({ name }) => name === text);
  const found = pods.find(({ id }) => id === text) ?? (byName.length === 1 ? byName[0] : undefined);
  if (found !== undefined) return found;
  const ids = pods.map(({ id }) => id);
  const { nearestName } = await import("../pod/mod.ts"); // only to be helpful
  const near = nearestName(text, ids);
  throw new CodedError(
    "no_such_pod",
    `The running Host serves no pod "${text}"` +
      (near === undefined ? `: it serves ${ids.join(", ") || "none"}` : `. Did you mean ${near}?`),
  );
}

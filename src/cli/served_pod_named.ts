import { basename } from "node:path";
import { CodedError } from "../base/mod.ts";
import type { HostClient, ServedPodInfo } from "./host_client.ts";

/**
 * The pod of the running Host that a person named by its id, or, where only one has it, by its name or
 * that of its folder.
 *
 * Rejects with {@linkcode CodedError} `no_such_pod`.
 */
export async function servedPodNamed(host: HostClient, text: string): Promise<ServedPodInfo> {
  const pods = await host.pods();
  const byName = pods.filter(({ name, dir }) => name === text || basename(dir) === text);
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

import { CodedError } from "../base/mod.ts";
import { warn } from "../base/native.ts";
import { type HostClient, runningHost } from "./host_client.ts";
import type { HostOptions } from "./host_options.ts";

/** Settings of a Host that a pod that is handed over cannot change. */
const OF_THE_HOST = [
  ["providerUrl", "--provider-url"],
  ["apiKey", "--api-key"],
  ["port", "--port"],
  ["parallel", "--parallel"],
  ["maxPeers", "--max-peers"],
  ["iceServers", "--ice-servers"],
  ["retention", "--retention"],
  ["uiDir", "--ui-dir"],
  ["headless", "--headless"],
] as const;

/** A pod that the Host that was running serves now. */
export interface HandedOver {
  readonly podId: string;
  readonly host: HostClient;
}

/**
 * Gives a pod to the Host that is running already.
 *
 * Rejects with `CodedError` `no_host`, or `refused` with that Host's own words.
 */
export async function handOver(
  dir: string,
  options: Partial<HostOptions> & { model?: string },
): Promise<HandedOver> {
  const host = await runningHost();
  if (host === undefined) {
    throw new CodedError("no_host", "The Host that was running has just stopped; try again");
  }
  const podId = await host.addPod(dir, options.model);
  for (const [name, flag] of OF_THE_HOST) {
    if (options[name] === undefined) continue;
    warn(`${flag} was not used: the running Host has its own`);
  }
  if (options.provider === "demo" && !await host.answersWithDemo()) {
    warn("the Host that was running answers with its own model, not with the demo");
  }
  return { podId, host };
}

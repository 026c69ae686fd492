import { resolve } from "node:path";
import { z } from "zod";
import { CodedError, type Logger } from "../base/mod.ts";
import { findHost, TOKEN_HEADER } from "../host/mod.ts";
import type { RunOptions } from "./run_pod.ts";

const added = z.object({ podId: z.string() });
const refused = z.object({ error: z.string() });

/** Settings of a Host that a pod that is handed over cannot change. */
const OF_THE_HOST = ["providerUrl", "apiKey", "parallel", "iceServers", "port"] as const;

/**
 * Gives a pod to the Host that is running already.
 *
 * Rejects with `CodedError` `not_added` when that Host refuses it.
 */
export async function handOver(dir: string, options: RunOptions, log: Logger): Promise<void> {
  const host = await findHost();
  if (host === undefined) {
    throw new CodedError("not_added", "The Host that was running has just stopped; try again");
  }
  const { model } = options;
  const response = await fetch(`http://127.0.0.1:${host.port}/api/v1/pods`, {
    method: "POST",
    headers: { "content-type": "application/json", [TOKEN_HEADER]: host.token },
    body: JSON.stringify({ dir: resolve(dir), ...(model === undefined ? {} : { model }) }),
  });
  const body: unknown = await response.json();
  if (!response.ok) {
    throw new CodedError("not_added", refused.safeParse(body).data?.error ?? "The Host refused it");
  }
  const { podId } = added.parse(body);
  for (const name of OF_THE_HOST) {
    if (options[name] === undefined) continue;
    log.warn("setting_ignored", { name }, `${name} was not used: the running Host has its own`);
  }
  log.info(
    "handed_over",
    { pod: podId, pid: host.pid },
    `pod ${podId} is served by the Host that was running: process ${host.pid}, ` +
      `http://localhost:${host.port}`,
  );
}

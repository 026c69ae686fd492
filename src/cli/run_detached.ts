import { CodedError } from "../base/mod.ts";
import { detach } from "./detach.ts";
import { runningHost } from "./host_client.ts";
import { flag, hostArguments, hostEnvironment } from "./host_options.ts";
import type { HandedOver } from "./hand_over.ts";
import {
  giveToRunning,
  handedToRunning,
  type PodRun,
  podRunOf,
  report,
  type RunOptions,
} from "./pod_run.ts";

/** `gemmapod run -d`: the same in a process of its own, which goes on when this one has ended. */
export async function runDetached(nameOrPath: string, given: RunOptions): Promise<void> {
  const run = await podRunOf(nameOrPath, given);
  if (await runningHost() !== undefined) return await giveToRunning(run);
  report(await startWith(run), run.options, "in the background");
}

/** Has a pod served by the Host that runs, or by a new one in the background, and says nothing. */
export async function serveDetached(dir: string, given: RunOptions): Promise<HandedOver> {
  const run = await podRunOf(dir, given);
  return await runningHost() === undefined ? await startWith(run) : await handedToRunning(run);
}

async function startWith({ dir, options }: PodRun): Promise<HandedOver> {
  const { model, once } = options;
  const host = await detach({
    args: [
      "run",
      dir,
      ...flag("model", model),
      ...(once ? ["--once"] : []),
      ...hostArguments(options),
    ],
    env: hostEnvironment(options),
    isReady: async (host) => {
      const pod = (await host.pods()).find((pod) => pod.dir === dir);
      return pod !== undefined && (!once || pod.signalState === "connected");
    },
  });
  const podId = (await host.pods()).find((pod) => pod.dir === dir)?.id;
  if (podId === undefined) throw new CodedError("no_pod", "The pod was stopped just now");
  return { podId, host };
}

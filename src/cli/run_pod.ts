import { CodedError, createLogger } from "../base/mod.ts";
import { print } from "../base/native.ts";
import type { Host } from "../host/mod.ts";
import { runningHost } from "./host_client.ts";
import { hostOfOptions } from "./host_of_options.ts";
import { noteRun } from "./pod_library.ts";
import { giveToRunning, notReached, ONCE_WITHIN_MS, podRunOf, type RunOptions } from "./pod_run.ts";
import { serveUntilStopped } from "./serve_until_stopped.ts";

/**
 * `gemmapod run`: serves a pod until it is told to stop. Where a Host is running already, that one
 * gets the pod.
 */
export async function runPod(nameOrPath: string, given: RunOptions): Promise<void> {
  const run = await podRunOf(nameOrPath, given);
  if (await runningHost() !== undefined) return await giveToRunning(run);
  const { dir, options } = run;
  const { logFormat: format, logLevel: level, model, providerUrl } = options;
  const log = createLogger({ name: "host", format, level });
  try {
    await serveUntilStopped(hostOfOptions(options, log), log, async (host, stopAsked) => {
      const podId = await host.addPodFromDir(dir, {
        ...(model === undefined ? {} : { model }),
        ...(providerUrl === undefined ? {} : { providerUrl }),
      });
      await noteRun(dir);
      if (options.once) await registeredInTime(host, podId, stopAsked);
      if (!options.json) return;
      const port = host.port();
      print(JSON.stringify({ podId, pid: Deno.pid, port, url: `http://localhost:${port}` }));
    });
  } catch (error) {
    if (!(error instanceof CodedError && error.code === "host_running")) throw error;
    await giveToRunning(run); // another Host was quicker
  }
}

async function registeredInTime(host: Host, podId: string, stopAsked: Promise<void>) {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ONCE_WITHIN_MS);
  try {
    const registered = host.registry.get(podId)?.registered;
    if (await Promise.race([promise, registered, stopAsked]) !== "late") return;
    throw notReached(host.registry.get(podId)?.info().signalLastError);
  } finally {
    clearTimeout(timer);
  }
}

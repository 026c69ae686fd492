import { CodedError, createLogger, type Logger, type LogLevel } from "../base/mod.ts";
import { Host } from "../host/mod.ts";
import { parseIceServers } from "../rtc/mod.ts";
import { handOver } from "./hand_over.ts";
import { onStopSignal } from "./stop_signals.ts";

/** The options of `gemmapod run`. */
export interface RunOptions {
  model?: string;
  providerUrl?: string;
  apiKey?: string;
  provider: "endpoint" | "demo";
  port?: number;
  parallel?: number;
  iceServers?: string;
  headless?: true;
  once?: true;
  logFormat: "text" | "json";
  logLevel: LogLevel;
}

/** How long `--once` waits for the broker, in milliseconds (host.md, "Command line"). */
const ONCE_WITHIN_MS = 10_000;

/**
 * `gemmapod run`: serves a pod until it is told to stop. Where a Host is running already, that one
 * gets the pod.
 */
export async function runPod(dir: string, options: RunOptions): Promise<void> {
  const { logFormat: format, logLevel: level } = options;
  const log = createLogger({ name: "host", format, level });
  const { promise: stopAsked, resolve: askStop } = Promise.withResolvers<void>();
  using _signals = onStopSignal(() => {
    log.info("stopping", {}, "stopping; press Ctrl-C again to quit at once");
    askStop();
  });
  await using host = hostFor(options, log);
  try {
    await host.start();
  } catch (error) {
    if (!(error instanceof CodedError && error.code === "host_running")) throw error;
    return await handOver(dir, options, log);
  }
  const { model, providerUrl } = options;
  const podId = await host.addPodFromDir(dir, {
    ...(model === undefined ? {} : { model }),
    ...(providerUrl === undefined ? {} : { providerUrl }),
  });
  if (options.once) await registeredInTime(host, podId, stopAsked);
  await Promise.race([stopAsked, host.stopRequested]);
}

function hostFor(options: RunOptions, logger: Logger): Host {
  const { providerUrl, apiKey, provider, port, parallel, iceServers, headless } = options;
  return new Host({
    logger,
    provider,
    ...(providerUrl === undefined ? {} : { ollamaUrl: providerUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(port === undefined ? {} : { port }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(iceServers === undefined ? {} : { iceServers: parseIceServers(iceServers) }),
    ...(headless === undefined ? {} : { headless }),
  });
}

async function registeredInTime(host: Host, podId: string, stopAsked: Promise<void>) {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ONCE_WITHIN_MS);
  try {
    const registered = host.registry.get(podId)?.registered;
    if (await Promise.race([promise, registered, stopAsked]) !== "late") return;
    const why = host.registry.get(podId)?.info().signalLastError ?? "it does not answer";
    throw new CodedError("not_registered", `The broker was not reached within 10 s: ${why}`);
  } finally {
    clearTimeout(timer);
  }
}

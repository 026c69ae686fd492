import { Host } from "./host.ts";
import type { HostConfig } from "./host_config.ts";

/** Options of {@linkcode startDaemon}. */
export interface DaemonOptions extends HostConfig {
  /** The pod to serve. */
  readonly podDir: string;
  /** @default the pod's own */
  readonly model?: string;
}

/** A Host with one pod. */
export interface Daemon {
  readonly host: Host;
  readonly podId: string;
  shutdown(): Promise<void>;
}

/**
 * Starts a Host that serves one pod.
 *
 * @example
 * ```ts ignore
 * const { shutdown } = await startDaemon({
 *   ollamaUrl: "http://localhost:11434",
 *   podDir: "./my-pod",
 *   port: 57500,
 * });
 * // Later:
 * await shutdown();
 * ```
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { podDir, model, ...config } = options;
  const host = new Host(config);
  try {
    await host.start();
    const podId = await host.addPodFromDir(podDir, model === undefined ? {} : { model });
    return { host, podId, shutdown: () => host.shutdown() };
  } catch (error) {
    await host.shutdown();
    throw error;
  }
}

import { join } from "node:path";
import { createLogger, type LogLevel } from "../base/mod.ts";
import { Host } from "../host/mod.ts";
import { hostPaths, processEnv, type ReadEnv } from "../host/native.ts";
import { serveUntilStopped } from "./serve_until_stopped.ts";

/** The options of `gemmapod origin`. */
export interface OriginOptions {
  logFormat: "text" | "json";
  logLevel: LogLevel;
}

/** Where the older daemon looked for a broker. */
const DEFAULT_SIGNAL_URL = "ws://localhost:8080/signal";

/** The pod that the older daemon served. */
const DEFAULT_POD_ID = "raj-card";

/** What the environment of the older daemon says. */
export interface OriginSettings {
  readonly podId: string;
  readonly signalUrl: string;
  /** The Host's folder: one of its own a pod, beside the Host that `gemmapod start` starts. */
  readonly home: string;
  readonly databasePath: string;
}

/** Reads the environment; what is set to nothing is not set. */
export function originSettings(env: ReadEnv = processEnv): OriginSettings {
  const podId = env("POD_ID") ?? DEFAULT_POD_ID;
  const { home } = hostPaths({}, env);
  return {
    podId,
    signalUrl: env("SIGNAL_URL") ?? DEFAULT_SIGNAL_URL,
    home: join(home, "origin", encodeURIComponent(podId)),
    databasePath: env("GEMMAPOD_ORIGIN_DB") ?? join(home, "origin.sqlite"),
  };
}

/** `gemmapod origin`: the rest of its environment is read by the Host. */
export async function serveOrigin(options: OriginOptions): Promise<void> {
  const { logFormat: format, logLevel: level } = options;
  const log = createLogger({ name: "host", format, level });
  const { podId, signalUrl, home, databasePath } = originSettings();
  // nobody looks for this one's API, so it leaves the known ports to those who are looked for
  const host = new Host({
    logger: log,
    home,
    databasePath,
    port: 0,
    headless: true,
    signals: "left",
  });
  await serveUntilStopped(host, log, async (host) => {
    await host.addOrigin({ podId, signalUrl, dir: join(home, "pod") });
  });
}

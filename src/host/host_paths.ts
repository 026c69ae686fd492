import { homedir } from "node:os";
import { join } from "node:path";
import type { HostConfig } from "./host_config.ts";

/** Where a Host keeps its files (host.md, "Files"). */
export interface HostPaths {
  /** The Host's folder. */
  readonly home: string;
  /** `host.json` of the Host that runs. */
  readonly discoveryPath: string;
  /** Conversations and the event log. */
  readonly databasePath: string;
}

/** Reads a variable of the environment; one that is set to nothing is not set. */
export type ReadEnv = (name: string) => string | undefined;

/** The environment of this process. */
export function processEnv(name: string): string | undefined {
  return Deno.env.get(name) || undefined;
}

/** Where the files of a Host with these settings are: for a Host, and for who looks for one. */
export function hostPaths(config: HostConfig = {}, env: ReadEnv = processEnv): HostPaths {
  const home = config.home ?? env("GEMMAPOD_HOME") ?? join(homedir(), ".gemmapod");
  return {
    home,
    discoveryPath: config.discoveryPath ?? join(home, "host.json"),
    databasePath: config.databasePath ??
      (config.home === undefined ? env("GEMMAPOD_HOST_DB") : undefined) ??
      join(home, "host.sqlite"),
  };
}

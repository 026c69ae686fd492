import type { HostOptions } from "./host_options.ts";

/** The options of `gemmapod start`. */
export interface StartOptions extends HostOptions {
  detach?: true;
  resume?: true;
  empty?: true;
  json?: true;
}

/** Whether a person may be asked which pod to run. */
export function asks({ resume, empty, json }: StartOptions): boolean {
  return !(resume || empty || json);
}

/** What `--json` says of a Host that is ready. */
export interface StartedHost {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Null where it is headless. */
  readonly dashboard: string | null;
}

/** What `--json` says of a Host that is ready on a port. */
export function startedHost(
  pid: number,
  port: number,
  headless: true | undefined,
): StartedHost {
  const url = `http://localhost:${port}`;
  return { pid, port, url, dashboard: headless ? null : url };
}

import type { LogLevel } from "../base/mod.ts";
import { Option } from "../base/native.ts";
import {
  iceServersOption,
  logFormatOption,
  logLevelOption,
  maxPeersOption,
  parallelOption,
  portOption,
  providerOption,
  providerUrlOption,
  retentionOption,
  uiDirOption,
} from "./options.ts";

/** What `run` and `start` say of the Host that they become. */
export interface HostOptions {
  providerUrl?: string;
  apiKey?: string;
  provider: "endpoint" | "demo";
  port?: number;
  parallel?: number;
  maxPeers?: number;
  iceServers?: string;
  retention?: number;
  headless?: true;
  uiDir?: string;
  logFormat: "text" | "json";
  logLevel: LogLevel;
}

/** The options of {@linkcode HostOptions}, for a command to take. */
export function hostOptions(): Option[] {
  return [
    providerUrlOption("an OpenAI-compatible endpoint (default: Ollama's)"),
    new Option("--api-key <key>", "the endpoint's key; better in GEMMAPOD_API_KEY"),
    providerOption(),
    portOption(),
    parallelOption(),
    maxPeersOption(),
    iceServersOption(),
    retentionOption(),
    new Option("--headless", "without a dashboard").conflicts("uiDir"),
    uiDirOption(),
    logFormatOption(),
    logLevelOption(),
  ];
}

/**
 * The same options as arguments again, for a Host in the background, but for what has secrets in it:
 * everybody on the machine can read the arguments of a process.
 */
export function hostArguments(options: HostOptions): string[] {
  const { providerUrl, provider, port, parallel, maxPeers, retention, uiDir } = options;
  return [
    ...flag("provider-url", providerUrl),
    ...flag("provider", provider),
    ...flag("port", port),
    ...flag("parallel", parallel),
    ...flag("max-peers", maxPeers),
    ...flag("retention", retention),
    ...flag("ui-dir", uiDir),
    ...(options.headless === undefined ? [] : ["--headless"]),
    ...flag("log-format", options.logFormat),
    ...flag("log-level", options.logLevel),
  ];
}

/** The options that have secrets in them, a key or a TURN password, as its environment. */
export function hostEnvironment({ apiKey, iceServers }: HostOptions): Record<string, string> {
  return {
    ...(apiKey === undefined ? {} : { GEMMAPOD_API_KEY: apiKey }),
    ...(iceServers === undefined ? {} : { GEMMAPOD_ICE_SERVERS: iceServers }),
  };
}

/** `--name=value`, one word, so that a value that begins with a hyphen stays a value. */
export function flag(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

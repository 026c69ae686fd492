import { createLogger, type Logger } from "../base/mod.ts";
import { type IceServer, parseIceServers } from "../rtc/mod.ts";
import { hostPaths, processEnv, type ReadEnv } from "./host_paths.ts";
import type { Patience } from "./model/answer.ts";
import { readEndpoint, readOwner, readPort } from "./read_setting.ts";

/** Settings of a `Host`; everything has a default. */
export interface HostConfig {
  /** The OpenAI-compatible endpoint. @default OLLAMA_URL, GEMMAPOD_PROVIDER_URL, else Ollama's */
  readonly ollamaUrl?: string;
  /** Sent to the endpoint as a bearer token. @default GEMMAPOD_API_KEY */
  readonly apiKey?: string;
  /** `demo` serves every pod with the built-in scripted answers. @default "endpoint" */
  readonly provider?: "endpoint" | "demo";
  /** Port of the loopback API; 0 takes any. @default GEMMAPOD_PORT, else the first of the candidates */
  readonly port?: number;
  /** Ports to try, in order, where none is set. @default 57447 to 57456 */
  readonly portCandidates?: readonly number[];
  /** Without a dashboard. @default false */
  readonly headless?: boolean;
  /** The folder of another dashboard. */
  readonly uiDir?: string;
  /** The Host's folder. @default GEMMAPOD_HOME, else `~/.gemmapod` */
  readonly home?: string;
  /** Where other programs find this Host. @default host.json in the Host's folder */
  readonly discoveryPath?: string;
  /** @default host.sqlite in `home` where that is given, else GEMMAPOD_HOST_DB, else as `home` */
  readonly databasePath?: string;
  /** 64 hex digits: manifests of other owners are refused for every pod. @default OWNER_PUBKEY */
  readonly ownerPubkey?: string;
  /** What `share_contact` answers, as JSON. @default GEMMAPOD_CONTACT_JSON */
  readonly contactJson?: string;
  /** How long a tool may take, in milliseconds. @default 30,000 */
  readonly toolTimeLimitMs?: number;
  /** Answers at once. @default 1 where the endpoint is Ollama, 8 else */
  readonly parallel?: number;
  /** How many questions may wait. @default 32 */
  readonly queue?: number;
  /** How long the endpoint may say nothing. @default 2 minutes, then 1 minute between two pieces */
  readonly patience?: Patience;
  /** Visitors at once. @default 256 */
  readonly maxPeers?: number;
  /** Conversations that nobody went on with for so many days are forgotten. @default never */
  readonly retentionDays?: number;
  /** @default GEMMAPOD_ICE_SERVERS, else two public STUN servers; none for a broker on loopback */
  readonly iceServers?: readonly IceServer[];
  /**
   * `handled`: from `start` to `shutdown`, Ctrl-C and the like shut this Host down and then end the
   * process; `left`: they are the caller's. @default "handled"
   */
  readonly signals?: "handled" | "left";
  /** @default text lines on stderr */
  readonly logger?: Logger;
}

/** The same with every default filled in. */
export interface HostSettings extends HostConfig {
  readonly ollamaUrl: string;
  readonly provider: "endpoint" | "demo";
  readonly ports: readonly number[];
  readonly home: string;
  readonly discoveryPath: string;
  readonly databasePath: string;
  readonly queue: number;
  readonly maxPeers: number;
  readonly logger: Logger;
}

const DEFAULT_OLLAMA_URL = "http://localhost:11434";
const FIRST_PORT = 57_447;
const PORTS = 10;
const DEFAULT_QUEUE = 32;
const DEFAULT_MAX_PEERS = 256;

/**
 * Fills in what a Host's settings leave open, from the environment (host.md, "Settings").
 *
 * Throws `CodedError` `bad_setting`, or `bad_ice_servers`.
 */
export function hostSettings(
  config: HostConfig = {},
  env: ReadEnv = processEnv,
): HostSettings {
  const port = config.port ?? given(env("GEMMAPOD_PORT"), readPort);
  const iceServers = config.iceServers ?? given(env("GEMMAPOD_ICE_SERVERS"), parseIceServers);
  const apiKey = config.apiKey ?? env("GEMMAPOD_API_KEY");
  const ownerPubkey = given(config.ownerPubkey ?? env("OWNER_PUBKEY"), readOwner);
  const contactJson = config.contactJson ?? env("GEMMAPOD_CONTACT_JSON");
  return {
    ...config,
    ...hostPaths(config, env),
    ollamaUrl: readEndpoint(
      config.ollamaUrl ?? env("GEMMAPOD_PROVIDER_URL") ?? env("OLLAMA_URL") ?? DEFAULT_OLLAMA_URL,
    ),
    provider: config.provider ?? "endpoint",
    ports: port !== undefined
      ? [port]
      : config.portCandidates ?? Array.from({ length: PORTS }, (_, index) => FIRST_PORT + index),
    queue: config.queue ?? DEFAULT_QUEUE,
    maxPeers: config.maxPeers ?? DEFAULT_MAX_PEERS,
    logger: config.logger ?? createLogger({ name: "host" }),
    ...(iceServers === undefined ? {} : { iceServers }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(ownerPubkey === undefined ? {} : { ownerPubkey }),
    ...(contactJson === undefined ? {} : { contactJson }),
  };
}

/** A setting that may be left out. */
function given<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

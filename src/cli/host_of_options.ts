import type { Logger } from "../base/mod.ts";
import { Host, type HostConfig } from "../host/mod.ts";
import { parseIceServers } from "../rtc/mod.ts";
import type { HostOptions } from "./host_options.ts";

/** The Host that a command line describes; it is not started yet. */
export function hostOfOptions(options: HostOptions, logger: Logger): Host {
  const { providerUrl, apiKey, provider, port, parallel, maxPeers, iceServers } = options;
  const { retention, headless, uiDir } = options;
  const config: HostConfig = {
    logger,
    provider,
    signals: "left",
    ...(providerUrl === undefined ? {} : { ollamaUrl: providerUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(port === undefined ? {} : { port }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(maxPeers === undefined ? {} : { maxPeers }),
    ...(iceServers === undefined ? {} : { iceServers: parseIceServers(iceServers) }),
    ...(retention === undefined ? {} : { retentionDays: retention }),
    ...(headless === undefined ? {} : { headless }),
    ...(uiDir === undefined ? {} : { uiDir }),
  };
  return new Host(config);
}

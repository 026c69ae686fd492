import { join } from "node:path";
import { WrongUse, wrongUseFor } from "../base/native.ts";
import type { HostOptions } from "./host_options.ts";

/**
 * Looks at what the options of a Host cannot say by themselves, before one is started, here or in the
 * background. Rejects with `WrongUse`.
 */
export async function checkHostOptions(
  { provider, providerUrl, iceServers, uiDir }: HostOptions,
): Promise<void> {
  if (provider === "demo" && providerUrl !== undefined) {
    throw new WrongUse("--provider demo asks no endpoint: leave --provider-url out, or it");
  }
  if (iceServers !== undefined) await checkIceServers(iceServers);
  if (uiDir !== undefined && !await isFile(join(uiDir, "index.html"))) {
    throw new WrongUse(`Cannot use --ui-dir ${uiDir}: there is no index.html in it`);
  }
}

/** Rejects with `WrongUse` for what is no list of servers. Secrets in it are not repeated. */
export async function checkIceServers(json: string): Promise<void> {
  const { parseIceServers } = await import("../rtc/mod.ts"); // most calls name none
  try {
    parseIceServers(json);
  } catch (error) {
    wrongUseFor("bad_ice_servers")(error);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false; // whatever is there, no browser gets it
  }
}

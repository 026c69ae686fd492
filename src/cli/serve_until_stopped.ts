import type { Logger } from "../base/mod.ts";
import type { Host } from "../host/mod.ts";
import { onStopSignal } from "../host/native.ts";
import { boundLog, hostLogPath } from "./host_log.ts";
import { surviveCrashes } from "./survive_crashes.ts";

/**
 * Starts a Host, does what it is to begin with, and stops it when a person, a supervisor or the API
 * asks for that.
 *
 * Rejects with what `Host.start` or `begin` reject with; the Host is stopped then, too.
 */
export async function serveUntilStopped(
  host: Host,
  log: Logger,
  begin: (host: Host, stopAsked: Promise<void>) => Promise<void>,
): Promise<void> {
  const { promise: stopAsked, resolve: askStop } = Promise.withResolvers<void>();
  using _signals = onStopSignal(() => {
    log.info("stopping", {}, "stopping; press Ctrl-C again to quit at once");
    askStop();
  });
  using _crashes = surviveCrashes(log);
  using _bound = boundLog({ path: hostLogPath(), log });
  await using _host = host;
  await giveUpStarting();
  await host.start();
  await begin(host, stopAsked);
  await Promise.race([stopAsked, host.stopRequested]);
}

/**
 * A compiled `gemmapod` may start programs: itself in the background, a browser. What serves
 * visitors gives that up. From source, programs that build are started, and nothing is given up.
 */
async function giveUpStarting(): Promise<void> {
  if (Deno.build.standalone) await Deno.permissions.revoke({ name: "run" });
}

/**
 * The program `gemmapod-signal`.
 *
 * @module
 */
import { createLogger } from "../base/mod.ts";
import { print, runCommandLine } from "../base/native.ts";
import { limitedLog } from "./limited_log.ts";
import { brokerCommand } from "./settings/command.ts";
import type { Settings } from "./settings/settings.ts";
import { SettingsError } from "./settings/settings_error.ts";
import { surviveDefects } from "./survive_defects.ts";

const command = brokerCommand().action(async (options: Record<string, unknown>) => {
  const { log: format, logAddresses, ...settings } = await settingsFrom(options);
  if (options["health"] === true) {
    const { askHealth } = await import("./ask_health.ts");
    await askHealth(settings);
    return print("it serves");
  }
  const { startBroker } = await import("./broker.ts");
  const { runUntilStopped } = await import("./run_until_stopped.ts");
  const log = createLogger({
    name: "signal",
    format: format ?? (Deno.stderr.isTerminal() ? "text" : "json"),
  });
  const broker = await startBroker({
    ...settings,
    log,
    logAddresses: logAddresses ? "logged" : "left_out",
  });
  runUntilStopped(broker, log);
  surviveDefects(limitedLog(log, { addresses: "left_out" }));
  // On stdout, in both formats: whoever starts the program reads there where it answers.
  console.log(`[signal] listening on ${broker.url}`);
});

/** Wrong settings are wrong use: exit code 2. */
async function settingsFrom(options: Record<string, unknown>): Promise<Settings> {
  // Not before there is something to start: `--version` and `--help` need none of it.
  const { readSettings } = await import("./settings/read_settings.ts");
  try {
    return await readSettings(options);
  } catch (error) {
    if (error instanceof SettingsError) command.error(`error: ${error.message}`, { exitCode: 2 });
    throw error;
  }
}

const exitCode = await runCommandLine(command, Deno.args);
if (exitCode !== 0) Deno.exit(exitCode);

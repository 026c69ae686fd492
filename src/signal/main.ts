/**
 * The program `gemmapod-signal`.
 *
 * @module
 */
import { VERSION } from "../base/mod.ts";
import { Command, InvalidArgumentError, Option, runCommandLine } from "../base/native.ts";
import { type BrokerOptions, startBroker } from "./broker.ts";

const DEFAULT_PORT = 8080;

const EXAMPLE = `
Examples:
  gemmapod-signal
  gemmapod-signal --host 0.0.0.0 --port 443 --data-dir /var/lib/gemmapod-signal`;

/** Runs until the process is told to stop. */
async function serve(options: BrokerOptions): Promise<void> {
  const broker = await startBroker(options);
  console.log(`[signal] listening on ${broker.url}`);
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  const stop = async () => {
    for (const signal of signals) Deno.removeSignalListener(signal, stop); // a second one quits
    await broker.stop();
    Deno.exit(0);
  };
  for (const signal of signals) Deno.addSignalListener(signal, stop);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("expected a port from 0 to 65535");
  }
  return port;
}

const program = new Command("gemmapod-signal")
  .description("The broker: introduces visitors to Hosts, and serves packed pods.")
  .version(VERSION)
  .option("--host <address>", "the address to listen on", "127.0.0.1")
  .addOption(
    new Option("--port <number>", "the port to listen on, 0 for any")
      .env("PORT").argParser(portOf).default(DEFAULT_PORT),
  )
  .option("--data-dir <folder>", "keep pages here (default: in memory, gone at the end)")
  .addOption(
    new Option("--limits <on|off>", "off: count nothing by address, for load tests")
      .choices(["on", "off"]).default("on"),
  )
  .addOption(
    new Option("--isolation <on|off>", "off: trust every page, where all are your own")
      .choices(["on", "off"]).default("on"),
  )
  .addHelpText("after", EXAMPLE)
  .action(serve);

const exitCode = await runCommandLine(program, Deno.args);
if (exitCode !== 0) Deno.exit(exitCode);

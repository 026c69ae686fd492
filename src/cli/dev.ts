/**
 * `deno task dev`: the playground, built and started anew whenever a source changes.
 *
 * @module
 */
import { join } from "node:path";
import { ROOT_DIR } from "../assets/native.ts";
import { Command, Option, runCommandLine } from "../base/native.ts";
import { onStopSignal } from "../host/native.ts";
import type { ProviderChoice } from "./demo_provider.ts";
import { openInBrowser } from "./open_in_browser.ts";
import { sourceChanges } from "./source_changes.ts";

/** What the playground is made of. */
const WATCHED = ["src", "web"].map((folder) => join(ROOT_DIR, folder));

interface DevOptions {
  provider: ProviderChoice;
  port: string;
  open?: true;
}

const program = new Command("dev")
  .description("Serves the playground, and starts it anew when a source changes; Ctrl-C stops it.")
  .addOption(
    new Option("--provider <kind>", "auto: a model at OLLAMA_URL where one answers, else demo")
      .choices(["auto", "demo"]).default("auto"),
  )
  .option("--port <port>", "of the playground's pages, 0 for a free one", "5173")
  .option("--open", "open the playground in the browser")
  .addHelpText("after", "\nExample:\n  deno task dev --provider demo --open")
  .action(dev);

async function dev({ provider, port, open }: DevOptions): Promise<void> {
  const stop = new AbortController();
  using _signals = onStopSignal(() => stop.abort());
  const args = ["--provider", provider, "--port", `${freePort(Number(port))}`];
  let server = startServer(args);
  if (open) await openInBrowser(`http://127.0.0.1:${args.at(-1)}/`);
  for await (const path of sourceChanges(WATCHED, stop.signal)) {
    console.log(`  ${path.slice(ROOT_DIR.length + 1)} changed`);
    await ended(server);
    server = startServer(args);
  }
  await ended(server);
}

/** The same port after each start, so that the pages find their server again. */
function freePort(wanted: number): number {
  try {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: wanted });
    return listener.addr.port;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return freePort(0);
  }
}

/** A process of its own, because the WebRTC addon can't be loaded twice into one. */
function startServer(args: readonly string[]): Deno.ChildProcess {
  const script = join(ROOT_DIR, "src", "cli", "dev_server.ts");
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, ...args],
    stdin: "null",
  }).spawn();
}

/** Ends a server, where it has not ended by itself: a source may have had a mistake in it. */
async function ended(server: Deno.ChildProcess): Promise<void> {
  try {
    server.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended
  }
  await server.status;
}

if (import.meta.main) Deno.exit(await runCommandLine(program, Deno.args));

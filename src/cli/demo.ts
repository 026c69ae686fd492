/**
 * `deno task demo`: a broker, a Host and a packed example pod on loopback, in one process.
 *
 * @module
 */
import { Command, Option, runCommandLine } from "../base/native.ts";
import { onStopSignal } from "../host/native.ts";
import { findProvider } from "./demo_provider.ts";
import { reachLoopbackDirectly } from "./direct_loopback.ts";
import { openInBrowser } from "./open_in_browser.ts";
import { startDemo } from "./start_demo.ts";

/** Where Ollama listens unless it is told otherwise. */
const OLLAMA_URL = "http://localhost:11434";

interface DemoOptions {
  provider: "auto" | "demo";
  open?: true;
}

const program = new Command("demo")
  .description("Starts a broker, a Host and a packed example pod on this machine; Ctrl-C stops it.")
  .addOption(
    new Option("--provider <kind>", "auto: a model at OLLAMA_URL where one answers, else demo")
      .choices(["auto", "demo"]).default("auto"),
  )
  .option("--open", "open the page in the browser")
  .addHelpText("after", "\nExample:\n  OLLAMA_URL=http://localhost:11434 deno task demo --open")
  .action(demo);

async function demo(options: DemoOptions): Promise<void> {
  const { promise: stopAsked, resolve: askStop } = Promise.withResolvers<void>();
  using _signals = onStopSignal(askStop);
  const url = Deno.env.get("OLLAMA_URL") || OLLAMA_URL;
  const provider = options.provider === "demo"
    ? { kind: "demo", url, why: "you asked for the demo" } as const
    : await findProvider(url);
  await using running = await startDemo(provider);

  console.log(`
  The page:   ${running.pageUrl}
  The owner:  ${running.dashboardUrl}
  The model:  ${
    provider.kind === "endpoint"
      ? `${provider.model} at ${provider.url}`
      : `scripted answers, no language model (${provider.url}: ${provider.why})`
  }
  The file:   ${running.pageFile}

  Ctrl-C stops all of it.
`);
  if (options.open && !await openInBrowser(running.pageUrl)) {
    console.log("  No browser could be opened here: open the page's address yourself.");
  }
  await stopAsked;
}

if (import.meta.main) {
  reachLoopbackDirectly();
  Deno.exit(await runCommandLine(program, Deno.args));
}

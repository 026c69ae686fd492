/**
 * `deno task demo`: a broker, a Host and a packed example pod on loopback, in one process.
 *
 * @module
 */
import { Command, Option, reachLoopbackDirectly, runCommandLine } from "../base/native.ts";
import { onStopSignal } from "../host/native.ts";
import { chosenProvider, type ProviderChoice, providerInWords } from "./demo_provider.ts";
import { openInBrowser } from "./open_in_browser.ts";
import { startDemo } from "./start_demo.ts";

interface DemoOptions {
  provider: ProviderChoice;
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
  const provider = await chosenProvider(options.provider);
  await using running = await startDemo(provider);
  const [page] = running.pages;
  if (page === undefined) throw new TypeError("The demo has no page");

  console.log(`
  The page:   ${page.url}
  The owner:  ${running.dashboardUrl}
  The model:  ${providerInWords(provider)}
  The file:   ${page.file}

  Ctrl-C stops all of it.
`);
  if (options.open && !await openInBrowser(page.url)) {
    console.log("  No browser could be opened here: open the page's address yourself.");
  }
  await stopAsked;
}

if (import.meta.main) {
  reachLoopbackDirectly();
  Deno.exit(await runCommandLine(program, Deno.args));
}

/**
 * The playground, served once: what `deno task dev` starts, and starts anew when a source changes.
 *
 * @module
 */
import { Command, Option, reachLoopbackDirectly, runCommandLine } from "../base/native.ts";
import { onStopSignal } from "../host/native.ts";
import { chosenProvider, type ProviderChoice, providerInWords } from "./demo_provider.ts";
import { startPlayground } from "./start_playground.ts";

interface ServerOptions {
  provider: ProviderChoice;
  port?: number;
}

const program = new Command("dev_server")
  .addOption(new Option("--provider <kind>").choices(["auto", "demo"]).default("auto"))
  .addOption(new Option("--port <port>").argParser(Number))
  .action(serve);

async function serve(options: ServerOptions): Promise<void> {
  const { promise: stopAsked, resolve: askStop } = Promise.withResolvers<void>();
  using _signals = onStopSignal(askStop);
  const provider = await chosenProvider(options.provider);
  await using playground = await startPlayground(provider, options);
  console.log(`
  The playground:  ${playground.url}
  The owner:       ${playground.demo.dashboardUrl}
  The model:       ${providerInWords(provider)}
`);
  await stopAsked;
}

if (import.meta.main) {
  reachLoopbackDirectly();
  Deno.exit(await runCommandLine(program, Deno.args));
}
